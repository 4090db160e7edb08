"""MicroPython's source: the user's own tree, or Debian's source package fetched with apt.

The fetch needs neither root nor a change of the machine's settings: apt works in a folder of the
checkout, with a source entry derived from the machine's own, so whatever mirror or snapshot the
machine uses is used here too.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import BUILD, MissingTool

SUITE = "trixie"
_DEBIAN_SUITES = ("bullseye", "bookworm", SUITE, "forky", "oldstable", "stable", "testing", "sid", "unstable")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_SKIPPED = "MicroPython source skipped: "
_BY_HAND = "set MICROPYTHON_DIR to a MicroPython source tree"
_HASHED_FOLDERS = ("py", "extmod", "shared", "tools", "mpy-cross", "drivers", "ports/unix", "ports/qemu")


@dataclass(frozen=True)
class Tree:
    """A MicroPython source tree. `identity` changes when its content does (it names cached builds)."""

    path: Path
    identity: str


@dataclass(frozen=True)
class Entry:
    """One line of apt's sources: where an archive is, and which key signs it ("" is apt's default)."""

    uri: str
    suite: str
    signed_by: str = ""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file `path`, made when absent, against other processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def source_tree(cache: Path = BUILD / "micropython-src") -> Tree:
    """Return MICROPYTHON_DIR's tree when that is set, else Debian's, fetched once into `cache`.

    Raises MissingTool when there is no tree and none can be fetched.
    """
    own = os.environ.get("MICROPYTHON_DIR")
    if own:
        path = Path(own).resolve()
        if not (path / "py" / "mpconfig.h").is_file():
            raise MissingTool(f"{_SKIPPED}MICROPYTHON_DIR={own} is not a MicroPython source tree")
        return Tree(path, _identity_of_files(path))
    with locked(cache / ".lock"):
        fetched = sorted(path for path in cache.glob("micropython-*") if path.is_dir())
        path = fetched[-1] if fetched else fetch(cache)
    return Tree(path, path.name)


def _identity_of_files(path: Path) -> str:
    """Name the state of a tree that somebody edits, by the names, sizes and times of its sources."""
    digest = hashlib.sha256(str(path).encode())
    for folder in _HASHED_FOLDERS:
        for root, folders, names in os.walk(path / folder):
            folders[:] = sorted(f for f in folders if not f.startswith("build") and f != "__pycache__")
            for name in sorted(names):
                if not name.endswith(".pyc"):
                    stat = os.lstat(os.path.join(root, name))
                    digest.update(f"{root}/{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def entries(etc: Path = Path("/etc/apt")) -> list[Entry]:
    """Return the machine's entries for Debian's main archive, the ones for its own release first."""
    files = [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]
    found: list[Entry] = []
    for file in files:
        if file.suffix in (".list", ".sources") and file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")
            found += _one_line_entries(text) if file.suffix == ".list" else _deb822_entries(text)
    debian = [entry for entry in found if entry.suite in _DEBIAN_SUITES]
    return list(dict.fromkeys(debian))


def _one_line_entries(text: str) -> Iterator[Entry]:
    """Yield the entries with component main of a `.list` file: `deb [options] uri suite component...`."""
    for line in text.splitlines():
        match = re.match(r"\s*deb(?:-src)?\s+(?:\[(.*?)\]\s*)?(\S+)\s+(\S+)\s+([^#]*)", line)
        if match and "main" in match[4].split():
            signed_by = re.search(r"signed-by=(\S+)", match[1] or "", re.IGNORECASE)
            yield Entry(match[2], match[3], signed_by[1] if signed_by else "")


def _deb822_entries(text: str) -> Iterator[Entry]:
    """Yield the entries with component main of a `.sources` file; a key may stand in the entry itself."""
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in re.split(r"\n[ \t]*\n", plain):
        pairs = re.findall(r"^([A-Za-z0-9-]+):[ \t]*(.*(?:\n[ \t]+.*)*)", stanza, re.MULTILINE)
        fields = {name.lower(): value.strip("\n") for name, value in pairs}
        if fields.get("enabled", "yes").strip() == "no" or "main" not in fields.get("components", "").split():
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Entry(uri, suite, fields.get("signed-by", "").rstrip())


def fetch(folder: Path) -> Path:
    """Fetch and unpack the newest source of SUITE into `folder`; return the tree's path.

    Raises MissingTool, whose text says what to install, or what apt said.
    """
    for command, package in (("apt-get", "apt"), ("dpkg-source", "dpkg-dev"), ("patch", "patch")):
        if not shutil.which(command):
            raise MissingTool(f"{_SKIPPED}apt-get install {package}, or {_BY_HAND}")
    candidates = entries()
    if not candidates:
        raise MissingTool(f"{_SKIPPED}apt has no entry for Debian's archive; {_BY_HAND}")
    complaint = ""
    for entry in candidates:
        for signed_by in dict.fromkeys([entry.signed_by, str(_KEYRING) if _KEYRING.exists() else "", ""]):
            with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder) as work:
                try:
                    description = _download(Path(work), Entry(entry.uri, SUITE, signed_by))
                    return _unpack(description, folder)
                except subprocess.CalledProcessError as error:
                    complaint = complaint or _last_error(str(error.output))
                except subprocess.TimeoutExpired:
                    complaint = complaint or "it took more than ten minutes"
    raise MissingTool(f"{_SKIPPED}apt cannot fetch it ({complaint}); {_BY_HAND}")


def _download(work: Path, entry: Entry) -> Path:
    """Let apt fetch the source package into `work`; return its .dsc. Raises CalledProcessError."""
    for name in ("state/lists/partial", "cache/archives/partial", "sources.d"):
        (work / name).mkdir(parents=True)
    stanza = f"Types: deb-src\nURIs: {entry.uri}\nSuites: {entry.suite}\nComponents: main\n"
    if entry.signed_by:
        inline = entry.signed_by.startswith(" ")
        stanza += "Signed-By:" + ("\n" if inline else " ") + entry.signed_by + "\n"
    (work / "sources.d" / "debian.sources").write_text(stanza, encoding="utf-8")
    settings = work / "apt.conf"
    settings.write_text(
        f"""\
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
APT::Default-Release "";
APT::Sandbox::User "";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Dir::State "{work}/state";
Dir::State::lists "{work}/state/lists";
Dir::Cache "{work}/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "{work}/sources.d";
""",
        encoding="utf-8",
    )
    _run(["apt-get", "-c", str(settings), "-q", "--error-on=any", "update"], work)
    _run(["apt-get", "-c", str(settings), "-q", "source", "--download-only", "micropython"], work)
    return max(work.glob("micropython_*.dsc"))


def _unpack(description: Path, folder: Path) -> Path:
    """Unpack a .dsc into `folder`/micropython-VERSION, whole or not at all; return that path."""
    _run(["dpkg-source", "--no-check", "-x", description.name, "tree"], description.parent)
    tree = folder / description.stem.replace("micropython_", "micropython-").replace(":", "-")
    (description.parent / "tree").rename(tree)
    return tree


def _run(command: list[str], folder: Path) -> None:
    """Run a command in `folder`; raises CalledProcessError with everything it printed as output."""
    settings = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(
        command,
        cwd=folder,
        env=settings,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
    )


def _last_error(output: str) -> str:
    """Return the line of apt's output that tells most, without the addresses in it."""
    lines = [line for line in output.splitlines() if line.startswith(("E:", "Err:", "W:"))] or ["no word why"]
    return re.sub(r"\S+://\S+", "...", lines[0])[:160]
