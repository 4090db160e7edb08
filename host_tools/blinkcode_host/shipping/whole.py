"""Write output files so that an interrupted run never leaves half of one.

What is at the target decides how it is written. A regular file, or nothing, is replaced by a rename, which is done
or not done. A symbolic link is followed. A pipe or a device is written to.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

#: What the names of our temporary files and folders begin with. They are short, whatever the target's name is.
_TEMPORARY = ".blinkcode-"


def write_whole(path: Path, content: str | bytes) -> str:
    """Write a file: text as UTF-8 with LF. Return a note for the user, or "".

    The new file has the mode of the one before, and its owner where the system allows that. The note says when
    other names of the same file (hard links) keep the old content. Raises OSError; then the target is as it was.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    before = _status(path)
    if before and not stat.S_ISREG(before.st_mode):
        with open(path, "wb") as pipe_or_device:  # a folder raises IsADirectoryError
            pipe_or_device.write(data)
        return ""
    target = Path(os.path.realpath(path))  # a link that leads nowhere gives the file that it names
    beside = _write_beside(target, data, before)
    try:
        os.replace(beside, target)
    except BaseException:
        _remove(beside)
        raise
    if before and before.st_nlink > 1:
        return f"{path}: was one of {before.st_nlink} names of a file; the others keep the old content"
    return ""


def write_folder_whole(folder: Path, files: Mapping[str, str | bytes]) -> list[str]:
    """Write files by their paths in a folder, which is made if it is not there. Return notes for the user.

    All files are written into a temporary folder first, so a full disk or a kill while they are written changes
    nothing. A folder that was not there or was empty then appears in one step. Into a folder with other files, ours
    are moved one by one, in their order: put last what refers to the others. A kill between two such moves leaves
    some old and some new files; each is whole, and the next run puts it right. Raises OSError.
    """
    folder = Path(os.path.realpath(folder))
    exists = folder.is_dir()
    parent = folder if exists else _existing_parent(folder)
    work = Path(tempfile.mkdtemp(dir=parent, prefix=_TEMPORARY))
    try:
        for name, content in files.items():
            made = work / name
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        if not exists:
            folder.parent.mkdir(parents=True, exist_ok=True)
            work.chmod(0o777 & ~_umask())
            os.rename(work, folder)
            return []
        notes = []
        for name in files:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            notes.append(_move(work / name, target))
        return [note for note in notes if note]
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _move(made: Path, target: Path) -> str:
    """Put a finished file in its place: by a rename where a plain file or nothing is there, else through it."""
    before = _status(target)
    if target.is_symlink() or (before and (not stat.S_ISREG(before.st_mode) or before.st_nlink > 1)):
        return write_whole(target, made.read_bytes())
    if before:
        _like(made, before)
    os.replace(made, target)
    return ""


def _write_beside(target: Path, data: bytes, before: os.stat_result | None) -> str:
    """A temporary file with the data in the target's folder, with the mode and owner that the target gets."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=_TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if before:
            _like(Path(name), before)
        else:
            os.chmod(name, 0o666 & ~_umask())
    except BaseException:
        _remove(name)
        raise
    return name


def _like(made: Path, before: os.stat_result) -> None:
    """Give a new file the owner, where the system allows it, and the mode of the one that it replaces."""
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(made, before.st_uid, before.st_gid)
    os.chmod(made, stat.S_IMODE(before.st_mode))


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _existing_parent(folder: Path) -> Path:
    """The nearest folder above that is there."""
    return next(parent for parent in folder.parents if parent.is_dir())


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
