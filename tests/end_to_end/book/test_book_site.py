"""The code book as a site that a phone keeps, its card, its languages."""

from __future__ import annotations

import functools
import http.server
import io
import json
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from blinkcode_host.book import Maker, Options, build
from blinkcode_host.catalog import Catalog
from blinkcode_host.cli import main


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of a site, served from this machine."""
    assert main(["book", "--site", "--title", "ACME Valve", "-o", str(tmp_path / "site")]) == 0
    handler = functools.partial(Quiet, directory=str(tmp_path / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_kept_offline(browser: Browser, served: str) -> None:
    with browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.goto(served)
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        page.wait_for_function("navigator.serviceWorker.controller")
        manifest = json.loads(context.request.get(served + "manifest.webmanifest").text())
        assert manifest["name"].startswith("ACME Valve")
        assert manifest["start_url"] == "./index.html"
        context.set_offline(True)
        page.goto(served + "index.html?lang=zh#tuya-1010")
        assert page.is_visible("#tuya-1010 .text [lang=zh]")
        assert page.locator("#list article").count() > 300
        assert troubles == []


def test_card_on_one_page(browser: Browser, catalog: Catalog, tmp_path: Path) -> None:
    pytest.importorskip("segno", reason="QR codes skipped: pip install segno")
    maker = Maker("ACME Valve", "ask +49 000 1234", "https://example.com/book/")
    file = tmp_path / "index.html"
    file.write_text(build(catalog, "0123abcd", Options(maker)), encoding="utf-8")
    for language, remedy in (("en", catalog.states["PAIR"].remedy), ("zh", catalog.states["PAIR"].remedy_zh)):
        with browser.new_context(locale="en-GB") as context:
            page = context.new_page()
            page.goto(f"{file.as_uri()}?lang={language}")
            page.evaluate("window.print = () => {}")
            page.click("#print-card")
            pages = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
            assert len(pages) == 1
            words = unicodedata.normalize("NFKC", pages[0].extract_text())
            for expected in ("ACME Valve", "ask +49 000 1234", "https://example.com/book/", remedy):
                assert unicodedata.normalize("NFKC", expected) in words
            for state in catalog.states.values():
                assert state.name in words


def test_languages(catalog: Catalog) -> None:
    english = build(catalog, "0123abcd", Options(languages=("en",)))
    assert 'lang="zh"' not in english and "等待" not in english.split('id="facts"')[0]
    chinese = build(catalog, "0123abcd", Options(languages=("zh",)))
    assert '<span lang="en">' not in chinese
    with pytest.raises(ValueError, match="'xx'"):
        build(catalog, "0123abcd", Options(languages=("xx",)))


def test_a_vendors_own_language(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "vendors.toml").write_text(
        "[vendors.acme]\nname = 'ACME'\n[[vendors.acme.sources]]\nid = 'list'\ntitle = 't'\n"
        "[[vendors.acme.sections]]\nid = 's'\ntitle = 's'\nranges = [[1, 9]]\n",
        encoding="utf-8",
    )
    (tmp_path / "tables" / "acme.csv").write_text(
        "code,state,text,text_zh,advice,advice_zh,section,alias,note,text_de,advice_de,list\n"
        "7,BUSY,wait a bit,稍候,Wait.,请等待。,s,,,kurz warten,Bitte warten.,seven\n"
        "8,BUSY,wait longer,再等,Wait on.,请再等。,s,,,,,eight\n",
        encoding="utf-8",
    )
    arguments = [
        "book",
        "--tables",
        str(tmp_path / "tables"),
        "--vendor",
        "acme",
        "-o",
        str(tmp_path / "book"),
    ]
    assert main([*arguments, "--lang", "de", "--lang", "en"]) == 0
    with browser.new_context(locale="de-DE") as context:
        page = context.new_page()
        page.goto((tmp_path / "book" / "index.html").as_uri())
        assert page.inner_text("#acme-7 .text") == "kurz warten"
        assert page.inner_text("#acme-7 .advice") == "Bitte warten."
        assert page.inner_text("#acme-8 .text") == "wait longer"
        assert page.inner_text("#lamp-title") == "Read the lamp"
        page.click("[data-language=en]")
        assert page.inner_text("#acme-7 .text") == "wait a bit"
