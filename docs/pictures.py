"""Make the README's pictures with the project's own commands: python docs/pictures.py. Needs Chromium and ffmpeg."""

from __future__ import annotations

import contextlib
import os
import pty
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import a_lamp
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright
from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).parent
LARGEST = 200_000
BOOK_VIEW: ViewportSize = {"width": 1100, "height": 760}
PHONE_VIEW: ViewportSize = {"width": 360, "height": 640}
CONSOLE_COLUMNS = 96
READ_MS = 90_000
TRIES = 3

#: What a board says, and what `blinkcode decode` makes of it.
BOARD_SAYS = """\
I (321) wifi: connected, ip 192.168.1.23
E (4012) cloud: request failed, code=1010 msg="token is expired"
E (12345) blinkcode: broadlink -4012 PAIR control id mismatch; pair again
W (13001) bl_sdk: send failed ret 65529
"""


def blinkcode(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "blinkcode_host", *arguments], check=True)


def on_a_terminal(*arguments: str) -> str:
    """What a command prints where it may use colours."""
    terminal, device = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "blinkcode_host", *arguments], stdout=device) as process:
        os.close(device)
        said = b""
        with contextlib.suppress(OSError):  # how Linux says that the other side is closed
            while piece := os.read(terminal, 65536):
                said += piece
    os.close(terminal)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return said.decode().replace("\r\n", "\n")


def book(page: Page, folder: Path) -> None:
    blinkcode("book", "-o", str(folder))
    page.set_viewport_size(BOOK_VIEW)
    page.goto((folder / "index.html").as_uri())
    page.click("#still")
    page.click("button[data-count='5']")
    page.evaluate("document.getElementById('lamp').scrollIntoView()")
    page.screenshot(path=DOCS / "book.png")


def camera(page: Page, folder: Path) -> None:
    """The page on a phone, as it reads a film of a lamp."""
    blinkcode("book", "-o", str(folder))
    a_lamp.film(folder / "lamp.mp4", shutil.which("ffmpeg") or "ffmpeg")
    page.set_viewport_size(PHONE_VIEW)
    page.goto((folder / "index.html").as_uri())
    for _ in range(TRIES):  # a busy machine loses frames
        page.set_input_files("#clip", folder / "lamp.mp4")
        page.locator("#candidates li, #stop[hidden]").first.wait_for(state="attached", timeout=READ_MS)
        if page.locator("#candidates li").count():
            break
    expect(page.locator("#candidates li")).to_contain_text(["MISSING"])
    page.evaluate("scrollTo(0, document.getElementById('view').offsetTop - 60)")
    page.screenshot(path=DOCS / "camera.png")


def console(page: Page, folder: Path) -> None:
    (folder / "device.log").write_text(BOARD_SAYS, encoding="utf-8")
    said = on_a_terminal("decode", str(folder / "device.log"))
    screen = Console(
        record=True, width=CONSOLE_COLUMNS, file=(folder / "nothing").open("w"), force_terminal=True
    )
    screen.print(Text.from_ansi(said))
    screen.save_svg(str(folder / "console.svg"), title="blinkcode decode device.log")
    drawing = (folder / "console.svg").read_text(encoding="utf-8")
    page.set_content(f"<body style='margin: 0; width: {BOOK_VIEW['width']}px'>{drawing}</body>")
    page.locator("svg").first.screenshot(path=DOCS / "console.png")


def main() -> int:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print("pictures: apt-get install chromium fonts-noto-cjk, or set CHROMIUM", file=sys.stderr)
        return 1
    if not shutil.which("ffmpeg"):
        print("pictures: apt-get install ffmpeg", file=sys.stderr)
        return 1
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu", *sandbox])
        page = browser.new_page(locale="en-GB", viewport=BOOK_VIEW, offline=True)
        for make in (book, camera, console):
            make(page, Path(work))
        browser.close()
    for picture in ("book.png", "camera.png", "console.png"):
        size = (DOCS / picture).stat().st_size
        print(f"docs/{picture}: {size:,} bytes")
        if size > LARGEST:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
