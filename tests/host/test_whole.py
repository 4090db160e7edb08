"""Output files: what is at the target decides, and nothing is half-written."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blinkcode_host.cli import main
from blinkcode_host.shipping.whole import write_folder_whole, write_whole

FILES: dict[str, str | bytes] = {"py/a.py": "a = 1\n", "py/b.py": b"b = 2\n", "package.json": "{}\n"}
#: Writes files of 200 kB into the folder that argv names, so that a kill finds it at work.
WRITER = """
import sys
from pathlib import Path
from blinkcode_host.shipping.whole import write_folder_whole
files = {f"{n}.bin": bytes([n]) * 200000 for n in range(40)}
print("go", flush=True)
write_folder_whole(Path(sys.argv[1]), files)
"""


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_symbolic_link_is_written_through(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    link.symlink_to("real")
    assert write_whole(link, "new") == ""
    assert link.is_symlink()
    assert real.read_text() == "new"
    dangling = tmp_path / "dangling"
    dangling.symlink_to("made")
    write_whole(dangling, "new")
    assert dangling.is_symlink()
    assert (tmp_path / "made").read_text() == "new"


def test_a_pipe_gets_the_content(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, "content")
    reader.join(10)
    assert got == [b"content"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_a_device() -> None:
    write_whole(Path("/dev/null"), "content")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    done = subprocess.run(
        [sys.executable, "-m", "blinkcode_host", "export", "--format", "csv", "-o", "/dev/stdout"],
        capture_output=True,
        check=True,
    )
    assert done.stdout.startswith(b"vendor,")


def test_mode_and_owner_stay(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.write_text("old")
    private.chmod(0o600)
    before = private.stat()
    write_whole(private, "new")
    after = private.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    if os.geteuid() == 0:
        os.chown(private, 12345, 12345)
        write_whole(private, "newer")
        assert (private.stat().st_uid, private.stat().st_gid) == (12345, 12345)
    fresh = tmp_path / "fresh"
    mask = os.umask(0o027)
    try:
        write_whole(fresh, "new")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o640


def test_a_hard_link_is_told(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("old")
    os.link(one, other)
    note = write_whole(one, "new")
    assert note == f"{one}: was one of 2 names of a file; the others keep the old content"
    assert (one.read_text(), other.read_text()) == ("new", "old")
    assert write_whole(one, "newer") == ""


@pytest.mark.parametrize("length", [1, 242, 243, 255])
def test_names_of_any_length(tmp_path: Path, length: int) -> None:
    path = tmp_path / ("n" * length)
    write_whole(path, "content")
    assert content(tmp_path) == {path.name: b"content"}


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there" / "yet"
    assert write_folder_whole(folder, FILES) == []
    expected = {name: data.encode() if isinstance(data, str) else data for name, data in FILES.items()}
    assert content(tmp_path / "not") == {f"there/yet/{name}": data for name, data in expected.items()}
    (folder / "own.txt").write_text("mine")
    (folder / "package.json").chmod(0o600)
    write_folder_whole(folder, {**FILES, "package.json": "{1}\n"})
    assert content(folder) == {**expected, "package.json": b"{1}\n", "own.txt": b"mine"}
    assert stat.S_IMODE((folder / "package.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("failing", [1, 2, 3])
@pytest.mark.parametrize("there", [False, True])
def test_a_full_disk_changes_nothing(
    tmp_path: Path, there: bool, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    if there:
        folder.mkdir()
        (folder / "py").mkdir()
        (folder / "py" / "a.py").write_text("old")
    before = content(tmp_path)
    write_bytes, calls = Path.write_bytes, []

    def full(self: Path, data: bytes) -> int:
        calls.append(self)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_folder_whole(folder, FILES)
    assert content(tmp_path) == before
    assert folder.exists() == there
    monkeypatch.undo()
    write_folder_whole(folder, FILES)
    assert len(content(folder)) == 3


def test_a_kill_leaves_a_folder_whole_or_not_there(tmp_path: Path) -> None:
    whole: dict[str, str | bytes] = {f"{n}.bin": bytes([n]) * 200000 for n in range(40)}
    seen = set()
    for attempt in range(12):
        folder = tmp_path / f"folder{attempt}"
        with subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE) as process:
            assert process.stdout
            process.stdout.readline()
            try:
                process.wait(attempt * 0.002)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert not folder.exists() or content(folder) == whole
        seen.add(folder.exists())
        write_folder_whole(folder, whole)  # a second run works
        assert content(folder) == whole
    assert False in seen, "no kill came in time"


def test_new_vendor_after_a_kill_between_its_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tables"
    assert main(["new-vendor", "acme", "--tables", str(folder)]) == 0
    (folder / "vendors.toml").unlink()
    assert main(["new-vendor", "acme", "--tables", str(folder)]) == 0
    assert (folder / "vendors.toml").exists()
    capsys.readouterr()
    assert main(["new-vendor", "acme", "--tables", str(folder)]) == 2
    assert "there is a vendor of that id already" in capsys.readouterr().err


def test_missing_folders_of_an_output_are_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "a" / "b" / "codes.json"
    assert main(["export", "-o", str(output)]) == 0
    assert output.exists()
    output = tmp_path / "a" / "b" / "codes.json" / "c.json"
    assert main(["export", "-o", str(output)]) == 2
    assert capsys.readouterr().err == f"{output}: cannot be written (Not a directory); choose another -o\n"
