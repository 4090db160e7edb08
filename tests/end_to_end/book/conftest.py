"""The code book, opened in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from blinkcode_host.book import build
from blinkcode_host.catalog import Catalog, load

FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load()


@pytest.fixture(scope="session")
def book(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page's address."""
    file = tmp_path_factory.mktemp("book") / "index.html"
    file.write_text(build(catalog, "0123abcd"), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    named = os.environ.get("CHROMIUM")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        reason = "browser tests skipped: apt-get install chromium fonts-noto-cjk, or set CHROMIUM"
        if os.environ.get("BLINKCODE_NO_SKIP") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS + sandbox)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, book: str) -> Iterator[Page]:
    """The book, opened; fails when it complains on the console or asks for anything but itself."""
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    page.on("request", lambda request: troubles.append(request.url) if request.url[:5] != "file:" else None)
    page.goto(book)
    yield page
    assert troubles == []
