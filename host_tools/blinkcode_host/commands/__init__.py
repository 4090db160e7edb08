"""The commands: each module has HELP, add_arguments(parser) and run(arguments) -> exit status."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from blinkcode_host.catalog import Catalog, load
from blinkcode_host.catalog.records import Vendor
from blinkcode_host.shipping.whole import write_folder_whole, write_whole
from blinkcode_host.standard_streams import complain

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: What goes wrong only when something is written.
OF_WRITING = (errno.EBADF, errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Failure(Exception):
    """A command cannot go on; its message is for the user, and the exit status is 2."""


def add_tables(parser: argparse.ArgumentParser) -> None:
    """The option that adds a user's own tables."""
    parser.add_argument(
        "--tables",
        metavar="DIR",
        type=Path,
        action="append",
        default=[],
        help="a folder with your own vendors.toml and CSV files, besides the built-in tables; may be given again "
        "(default: those that BLINKCODE_TABLES or tool.blinkcode.tables in pyproject.toml names)",
    )


def add_vendor(parser: argparse.ArgumentParser) -> None:
    """The option that names vendors; read it with known_vendors() or only_vendors()."""
    parser.add_argument(
        "--vendor",
        metavar="VENDOR",
        action="append",
        default=[],
        help="whose codes; may be given again (default: any vendor's)",
    )


def add_language(parser: argparse.ArgumentParser, all_by_default: bool = False) -> None:
    """The option that chooses the language of texts and advice; None stands for all of them.

    load_tables() says whether the tables have it.
    """
    default = None if all_by_default else "en"
    parser.add_argument(
        "--lang",
        metavar="LANG",
        default=default,
        help=f"language of texts and advice: en, zh, or another that the tables have (default: {default or 'all'})",
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option that prints results as JSON."""
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")


def add_output(
    parser: argparse.ArgumentParser,
    metavar: str,
    what: str,
    *,
    default: Path | None = None,
    required: bool = True,
    path: Callable[[str], Path] = Path,
) -> None:
    """The option that names the file or folder to write, with write_output() or write_folder()."""
    parser.add_argument(
        "-o",
        "--output",
        dest="output",
        metavar=metavar,
        type=path,
        default=default,
        required=required,
        help=f"{what}; folders that are missing are made",
    )


def configured_tables(environment: Mapping[str, str], folder: Path) -> list[Path]:
    """The folders of a user's own tables, where no --tables names them.

    BLINKCODE_TABLES names them, as PATH names its folders; without it, `tables` under [tool.blinkcode] in the
    nearest pyproject.toml in `folder` or above, relative to that file. Raises Failure for a wrong entry.
    """
    named = environment.get("BLINKCODE_TABLES", "")
    if named:
        return [Path(part) for part in named.split(os.pathsep) if part]
    for above in (folder, *folder.parents):
        project = above / "pyproject.toml"
        if project.is_file():
            try:
                tool = tomllib.loads(project.read_text(encoding="utf-8")).get("tool", {})
            except (OSError, ValueError):
                return []  # it is not ours; whoever reads it says what is wrong
            folders = tool.get("blinkcode", {}).get("tables", [])
            if not isinstance(folders, list) or not all(isinstance(name, str) for name in folders):
                raise Failure(
                    f'{project}: tool.blinkcode.tables must be a list of folders, such as ["tables"]'
                )
            return [above / name for name in folders]
    return []


def load_tables(arguments: argparse.Namespace) -> Catalog:
    """The catalog that --tables asks for. Raises TableErrors, and Failure where it has not the language of --lang."""
    catalog = load(arguments.tables)
    chosen = getattr(arguments, "lang", None)
    for language in [chosen] if isinstance(chosen, str) else chosen or ():
        if language not in catalog.languages:
            raise Failure(
                f"{language or repr(language)}: no text is in this language; there are {', '.join(catalog.languages)}"
            )
    return catalog


def known_vendors(catalog: Catalog, names: Sequence[str]) -> list[Vendor]:
    """The vendors of these ids. Raises Failure for an id that the catalog has not."""
    for name in names:
        if name not in catalog.vendors:
            raise Failure(f"{name}: no such vendor; there are {', '.join(catalog.vendors)}")
    return [catalog.vendors[name] for name in names]


def only_vendors(catalog: Catalog, vendors: list[str]) -> Catalog:
    """The catalog with the named vendors, or with all that are for devices where none is named.

    Raises Failure for an unknown one.
    """
    known_vendors(catalog, vendors)
    return catalog.only(vendors or catalog.vendors_of("cloud", "system"))


def write_output(path: Path, content: str | bytes) -> None:
    """Write what -o names, whole or not at all; folders that are missing are made. Raises Failure."""
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
        note = write_whole(path, content)
    except OSError as error:
        raise _not_written(path, error) from None
    if note:
        complain(note)


def write_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files, by their paths in the folder that -o names, which is made if it is not there. Raises Failure."""
    try:
        notes = write_folder_whole(folder, files)
    except OSError as error:
        raise _not_written(folder, error) from None
    for note in notes:
        complain(note)


def _not_written(output: Path, error: OSError) -> Failure:
    in_the_way = isinstance(error, FileExistsError)  # a file, where there should be a folder
    reason = os.strerror(errno.ENOTDIR) if in_the_way else error.strerror
    return Failure(f"{output}: cannot be written ({reason}); choose another -o")
