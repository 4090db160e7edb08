"""The code book's text: size, self-containment, escaping of a user's own tables, the command."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from blinkcode_host.book import build
from blinkcode_host.book.builder import SCRIPTS
from blinkcode_host.catalog import Catalog, load
from blinkcode_host.cli import main

LARGEST = 900_000
NASTY = "</script><img src=x>&amp;'\"{{ 7 * 7 }}"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


@pytest.fixture(scope="module")
def page(catalog: Catalog) -> str:
    return build(catalog, "0123abcd")


class Reader(HTMLParser):
    """Collects what a page says and what it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_one_file_that_loads_nothing(page: str) -> None:
    assert len(page.encode()) < LARGEST
    read = Reader(page)
    assert all(link.startswith(("#", "data:")) for link in read.links)
    assert {link[1:] for link in read.links if link[0] == "#"} <= set(read.ids)
    assert len(read.ids) == len(set(read.ids))
    markup = re.sub(r'"http://www.w3.org/2000/svg"|>[^<]*<', "", page[: page.index('id="facts"')])
    assert not re.search(r"url\(|@import|https?:", markup)
    scripts = page[page.index("</script>", page.index('id="facts"')) :]
    assert not re.search(
        r"@import|import\(|fetch\(|XMLHttpRequest|https?:", scripts.replace("http://www.w3.org/2000/svg", "")
    )


def test_says_everything_that_the_tables_say(page: str, catalog: Catalog) -> None:
    said = "\0".join(" ".join(words.split()) for words in Reader(page).words)
    for m in catalog.meanings:
        for words in (m.text, m.text_zh, m.advice, m.advice_zh, m.note, *m.messages.values()):
            assert " ".join(words.split()) in said, (m.vendor, m.code)
    for state in catalog.states.values():
        for words in (state.means, state.means_zh, state.remedy, state.remedy_zh):
            assert words in said


def test_a_users_words_stay_words(tmp_path: Path) -> None:
    (tmp_path / "vendors.toml").write_text(
        "[vendors.nasty]\nname = '''" + NASTY.replace("'", "") + "'''\n"
        "[[vendors.nasty.sources]]\nid = 'list'\ntitle = 't'\n"
        "[[vendors.nasty.sections]]\nid = 's'\ntitle = '''"
        + NASTY.replace("'", "")
        + "'''\nranges = [[1, 9]]\n",
        encoding="utf-8",
    )
    cell = '"' + NASTY.replace('"', '""') + '"'
    (tmp_path / "nasty.csv").write_text(
        "code,state,text,text_zh,advice,advice_zh,section,alias,note,list\n"
        f"7,BUSY,<b>wait</b>,{cell},{cell},{cell},s,,{cell},{cell}\n",
        encoding="utf-8",
    )
    page = build(load([tmp_path]), "0123abcd")
    read = Reader(page)
    assert "img" not in read.tags
    assert read.tags.count("script") == page.count("</script>\n") == 1 + len(SCRIPTS)
    assert NASTY in read.words
    assert "nasty-7" in read.ids


def test_without_a_vendor_or_a_code(catalog: Catalog) -> None:
    assert "0 codes" in build(catalog.only([]), "0123abcd")


def test_same_page_for_the_same_tables(page: str, catalog: Catalog) -> None:
    assert build(catalog, "0123abcd") == page


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["book", "--vendor", "alibaba", "-o", str(tmp_path / "new" / "book")]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "index.html" in err
    page = (tmp_path / "new" / "book" / "index.html").read_text(encoding="utf-8")
    assert "alibaba-401" in page
    assert "tuya-1010" not in page
    assert main(["book", "--vendor", "nobody", "-o", str(tmp_path)]) == 2
    assert "no such vendor" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert main(["book", "--vendor", "alibaba", "-o", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["file"]


def test_wrong_usage() -> None:
    done = subprocess.run([sys.executable, "-m", "blinkcode_host", "book"], capture_output=True, check=False)
    assert done.returncode == 2
