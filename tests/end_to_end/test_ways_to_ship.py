"""The four ways to ship, each done for real: mip, ROMFS, frozen, pip. All give the same answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blinkcode_host.catalog import load
from blinkcode_host.cli import main
from blinkcode_host.shipping.boards import runtime
from blinkcode_host.shipping.packages import package_json
from missing import unless_missing
from targets import ROOT
from targets.board import FrozenUnix
from targets.build import build_unix, empty_manifest
from targets.session import Session
from targets.target import Unix

CODES = sorted({near for code in load().codes() for near in (code - 1, code, code + 1)})
VENDORS = len(load().vendors)

ASK = f"""
import blinkcode as b
from binascii import crc32
answers = 0
for code in {CODES}:
    for vendor in {[None, *range(VENDORS)]}:
        slot = b.find(code, vendor)
        facts = (slot, b.state(slot), b.level(slot), b.vendor(slot), b.code(slot))
        answers = crc32(repr((facts, b.text(slot), b.text(b.remedy(slot)))).encode(), answers)
print(answers, b.text(b.find(-4012)), b.__file__)
"""


@pytest.fixture(scope="module")
def expected() -> str:
    """What CPython answers from the checkout's sources."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "firmware")}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.rsplit(maxsplit=1)[0]


def needing(make: Callable[[], FrozenUnix]) -> FrozenUnix:
    with unless_missing():
        return make()


class Board(FrozenUnix):
    """A board with nothing on it, and its serial device for mpremote."""

    def mpremote(self, *arguments: str) -> str:
        """Run mpremote on the board, started for it alone; give what it printed."""
        device = self._start()
        try:
            command = [sys.executable, "-m", "mpremote", "connect", device, *arguments]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        finally:
            self._stop()
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def board() -> Iterator[Board]:
    board = needing(lambda: Board(build_unix(empty_manifest())))
    assert isinstance(board, Board)
    yield board
    board.close()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a release has: the mip folders and the image."""
    folder = tmp_path_factory.mktemp("release")
    assert main(["mip", "-o", str(folder)]) == 0
    assert main(["romfs", "-o", str(folder / "blinkcode.romfs")]) == 0
    return folder


def test_package_json_of_the_checkout_is_current() -> None:
    path = ROOT / "package.json"
    wanted = package_json(
        [*runtime(), "const.py", "table.py"], "firmware/blinkcode"
    )  # nothing is linked there
    if os.environ.get("BLINKCODE_UPDATE") == "1":
        path.write_text(wanted, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == wanted, "package.json is stale; run with BLINKCODE_UPDATE=1"
    for _, source in json.loads(wanted)["urls"]:
        assert (ROOT / source).is_file()


@pytest.mark.parametrize("package", ["checkout", "py", "mpy6"])
def test_mip(board: Board, release: Path, package: str, expected: str) -> None:
    folder = ROOT if package == "checkout" else release / package
    said = board.mpremote("mip", "install", "--target", "lib", f"{folder}/package.json")
    assert "Done" in said
    answer, file = board.run("import sys\nsys.path.append('lib')" + ASK).rsplit(maxsplit=1)
    assert answer == expected
    assert file == f"lib/blinkcode/__init__.{'mpy' if package == 'mpy6' else 'py'}"


def test_romfs_in_memory(release: Path, expected: str) -> None:
    image = release / "blinkcode.romfs"
    mount = f"import sys, vfs\nvfs.mount(vfs.VfsRom(open({str(image)!r}, 'rb').read()), '/rom')\n"
    with Unix(path=()) as unix:
        said = unix.run(mount + "sys.path.append('/rom/lib')\n" + ASK)
    answer, file = said.rsplit(maxsplit=1)
    assert answer == expected
    assert file == "/rom/lib/blinkcode/__init__.mpy"


# A ROMFS partition as a chip has it, in memory: rom_ioctl() as mpremote and MicroPython use it.
PARTITION = """
import sys, vfs
class Flash:
    blocks = bytearray(32 * 4096)
    def ioctl(self, what, block):
        if what == 6:
            self.blocks[block * 4096 : block * 4096 + 4096] = bytes([255]) * 4096
        return {4: 32, 5: 4096}.get(what, 0)
    def writeblocks(self, block, data, at=0):
        at += block * 4096
        self.blocks[at : at + len(data)] = data
class Vfs:
    umount = vfs.umount
    def rom_ioctl(self, what, *rest):
        return 1 if what == 1 else flash
flash = Flash()
real = vfs
sys.modules['vfs'] = Vfs()
"""
RESTART = (
    "sys.modules['vfs'] = real\nreal.mount(real.VfsRom(flash.blocks), '/rom')\nsys.path.append('/rom/lib')\n"
)


def test_romfs_deployed_by_mpremote(board: Board, release: Path, expected: str) -> None:
    image = str(release / "blinkcode.romfs")
    said = board.mpremote("exec", PARTITION, "romfs", "deploy", image, "exec", RESTART + ASK)
    assert "ROMFS image deployed" in said
    answer, file = said.strip().splitlines()[-1].rsplit(maxsplit=1)
    assert answer == expected
    assert file == "/rom/lib/blinkcode/__init__.mpy"


def test_frozen(target_session: Session, expected: str) -> None:
    def frozen() -> FrozenUnix:
        found = target_session.get("frozen-unix")
        assert isinstance(found, FrozenUnix)
        return found

    assert needing(frozen).run(ASK).rsplit(maxsplit=1)[0] == expected


LOGGING = """
import logging, sys
from blinkcode_host import logs
logging.basicConfig(stream=sys.stdout)
logs.attach()
logging.getLogger("broadlink").error("[Errno -7] Control key is expired")
"""
USERS_TEST = """
def test_it(blinkcode_device):
    blinkcode_device.reporter.report(1010, "tuya")
    blinkcode_device.clock.advance(1000)
    assert blinkcode_device.lamp.state == "SIGN_IN"
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a clean virtual environment with the wheel installed."""
    folder = tmp_path_factory.mktemp("pip")
    venv.create(folder / "venv", with_pip=True)  # an environment that uv made has no pip
    bin_ = folder / "venv" / "bin"
    pip = [str(bin_ / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", "-c", str(ROOT / "constraints.txt"), str(wheel)], check=True)
    return bin_


def in_venv(installed: Path, cwd: Path, *command: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(installed / command[0]), *command[1:]],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pip(installed: Path, tmp_path: Path, release: Path, expected: str) -> None:
    answer, file = in_venv(installed, tmp_path, "python", "-c", ASK).rsplit(maxsplit=1)
    assert answer == expected
    assert "site-packages" in file
    package = Path(file).parent
    assert (package / "py.typed").exists()
    assert "PAIR" in in_venv(installed, tmp_path, "blinkcode", "explain", "-4012")
    in_venv(installed, tmp_path, "blinkcode", "book", "-o", "book")
    assert "tuya-1010" in (tmp_path / "book" / "index.html").read_text(encoding="utf-8")
    in_venv(installed, tmp_path, "blinkcode", "romfs", "-o", "blinkcode.romfs")
    assert (tmp_path / "blinkcode.romfs").read_bytes() == (release / "blinkcode.romfs").read_bytes()


def test_pip_brings_a_log_filter_and_a_fixture(installed: Path, tmp_path: Path) -> None:
    said = in_venv(installed, tmp_path, "python", "-c", LOGGING)
    assert said.splitlines()[1].startswith("  ^ broadlink -7 PAIR ")
    constraints = str(ROOT / "constraints.txt")
    in_venv(installed, tmp_path, "python", "-m", "pip", "install", "-q", "-c", constraints, "pytest")
    (tmp_path / "test_users.py").write_text(USERS_TEST)
    assert "1 passed" in in_venv(installed, tmp_path, "python", "-m", "pytest", "-q")


def test_same_release_each_time(tmp_path: Path) -> None:
    made = []
    for folder in (tmp_path / "one" / "release", tmp_path / "two" / "release"):
        assert main(["mip", "--vendor", "alibaba", "-o", str(folder)]) == 0
        assert main(["romfs", "--vendor", "alibaba", "-o", str(folder / "b.romfs")]) == 0
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        made.append([(path.relative_to(folder), path.read_bytes()) for path in files])
    assert made[0] == made[1]


def test_image_needs_a_name_that_mpremote_knows(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["romfs", "-o", "image.bin"])
    assert caught.value.code == 2
    assert "image.bin.romfs" in capsys.readouterr().err


def test_a_file_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "py").write_text("")
    assert main(["mip", "--vendor", "alibaba", "-o", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err
