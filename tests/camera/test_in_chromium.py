"""The built page reads clips in real Chromium: through the file input and as a live camera."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from blinkcode_host.book import build
from blinkcode_host.catalog import load

from .conftest import missing

HERE = Path(__file__).parent
FLAGS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
READ_MS = 60_000
TRIES = 5
CODECS = {
    "vp8.webm": ["-c:v", "libvpx", "-deadline", "realtime", "-b:v", "500k", "-pix_fmt", "yuv420p"],
    "vp9.webm": [
        "-c:v",
        "libvpx-vp9",
        "-deadline",
        "realtime",
        "-cpu-used",
        "8",
        "-b:v",
        "500k",
        "-pix_fmt",
        "yuv420p",
    ],
    "h264.mp4": ["-c:v", "libx264", "-preset", "veryfast", "-crf", "28", "-pix_fmt", "yuv420p"],
    "h265.mp4": ["-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-pix_fmt", "yuv420p"],
    "camera.mjpeg": ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"],
}


@pytest.fixture(scope="session")
def clip(
    node: str, ffmpeg: str, recording: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Path]:
    """Gives a clip of a state's count in a format of CODECS, 640 x 480, 14 seconds."""
    folder = tmp_path_factory.mktemp("clips")

    def made(count: str, name: str) -> Path:
        target = folder / f"{count}-{name}"
        if not target.exists():
            frames = subprocess.run(
                [node, str(HERE / "frames.js"), str(recording), count, "14"], capture_output=True, check=True
            ).stdout
            raw = ["-f", "rawvideo", "-pix_fmt", "rgba", "-s", "160x120", "-r", "30", "-i", "-"]
            done = subprocess.run(
                [ffmpeg, "-loglevel", "error", *raw, "-vf", "scale=640:480", *CODECS[name], str(target)],
                input=frames,
                capture_output=True,
            )
            if done.returncode:
                pytest.skip(f"this ffmpeg cannot make {name}")
        return target

    return made


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    (folder / "index.html").write_text(build(load(), "0123abcd"), encoding="utf-8")
    return folder / "index.html"


def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        missing("browser tests skipped: apt-get install chromium, or set CHROMIUM")
    assert found
    return found


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The only one while these tests run; it is closed before others open theirs."""
    with sync_playwright() as one:
        yield one


def opened(playwright: Playwright, book: Path, *flags: str) -> Iterator[Page]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *sandbox, *flags])
    page = browser.new_page(viewport={"width": 360, "height": 800}, locale="en-GB")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(book.as_uri())
    yield page
    assert troubles == []
    browser.close()


@pytest.fixture(scope="module")
def page(playwright: Playwright, book: Path) -> Iterator[Page]:
    yield from opened(playwright, book)


def read(page: Page, clip: Path, state: str) -> None:
    """Has the page read a clip; once more where a busy machine lost frames, which the page has to say."""
    for _ in range(TRIES):
        page.set_input_files("#clip", clip)
        page.locator("#candidates li, #stop[hidden]").first.wait_for(state="attached", timeout=READ_MS)
        if page.locator("#candidates li").count():
            break
        expect(page.locator("#heard")).to_contain_text("Not readable yet, because")
    expect(page.locator("#candidates li")).to_contain_text([state])


@pytest.mark.parametrize(
    ("name", "count", "state"),
    [("vp8.webm", "2", "NETWORK"), ("vp9.webm", "5", "PAIR"), ("h264.mp4", "6", "DENIED")],
)
def test_clip(page: Page, clip: Callable[[str, str], Path], name: str, count: str, state: str) -> None:
    read(page, clip(count, name), state)
    assert "Read by camera" in page.inner_text("#heard")
    assert page.evaluate("document.querySelector('#curve .line').getAttribute('d').length") > 100
    box = page.locator("#answer").bounding_box()
    view = page.locator("#view").bounding_box()
    assert box and view and 0 <= box["y"] - view["y"] - view["height"] < 20, "the answer is under the picture"
    page.click("#stop")


def test_a_clip_that_the_browser_cannot_play(page: Page, clip: Callable[[str, str], Path]) -> None:
    page.set_input_files("#clip", clip("2", "h265.mp4"))
    expect(page.locator("#heard")).to_contain_text("H.265", timeout=READ_MS)
    assert page.is_hidden("#view")


def test_what_is_no_video(page: Page, tmp_path: Path) -> None:
    (tmp_path / "x.mp4").write_bytes(b"no video")
    page.set_input_files("#clip", tmp_path / "x.mp4")
    expect(page.locator("#heard")).to_contain_text("cannot play", timeout=READ_MS)


def test_pointing_and_time_of_a_frame(page: Page, clip: Callable[[str, str], Path]) -> None:
    page.evaluate(
        """() => {
            window.costs = [];
            const look = camera.look;
            camera.look = (...all) => {
                const seen = camera.eyes.times.length;
                const from = performance.now();
                look.apply(camera, all);
                if (camera.eyes.times.length > seen) costs.push(performance.now() - from);
            };
        }"""
    )
    read(page, clip("5", "h264.mp4"), "PAIR")
    expect(page.locator("#mark")).to_be_visible(timeout=READ_MS)
    page.focus("#picture")
    for _ in range(9):  # away from the lamp
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#any-spot")).to_be_visible()
    expect(page.locator("#heard")).to_contain_text("Not readable", timeout=READ_MS)
    page.click("#any-spot")
    expect(page.locator("#candidates li")).to_contain_text(["PAIR"], timeout=READ_MS)
    costs = sorted(page.evaluate("costs"))
    bytes_a_frame = page.evaluate("camera.eyes.frames[0].byteLength")
    assert len(costs) > 100
    assert 60 * 60 * bytes_a_frame <= 20e6, "a minute at 60 frames a second"
    print(
        f"a frame takes {costs[len(costs) // 2]:.1f} ms (median), {costs[len(costs) * 95 // 100]:.1f} ms (95 %)"
    )


def test_live_camera(playwright: Playwright, book: Path, clip: Callable[[str, str], Path]) -> None:
    flags = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={clip('6', 'camera.mjpeg')}",
    ]
    for page in opened(playwright, book, *flags):
        page.click("#live")
        expect(page.locator("#candidates li")).to_contain_text(["DENIED"], timeout=READ_MS)
        page.click("#stop")
        assert page.is_hidden("#stop")
