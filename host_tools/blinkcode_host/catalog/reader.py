"""Read vendor tables: every error in every file at once, or a catalog."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from blinkcode_host.catalog.records import KINDS, Catalog, Meaning, State, Vendor
from blinkcode_host.catalog.rows import Rows
from blinkcode_host.catalog.stanzas import read_states, read_vendors
from blinkcode_host.catalog.trouble import TableErrors, Trouble


def built_in_tables() -> Path:
    """The folder of the tables that come with blinkcode: inside the wheel, or of the checkout."""
    packed = Path(__file__).parent.parent / "tables"
    return packed if packed.is_dir() else Path(__file__).parents[3] / "tables"


def load(folders: Sequence[Path] = ()) -> Catalog:
    """The built-in tables and those of the given folders, each with a vendors.toml and one CSV a vendor.

    The vendors stand in the order of KINDS, those of a kind in the order of the folders and files.
    Raises TableErrors with everything that is wrong in any of them.
    """
    troubles: list[Trouble] = []
    vendors: dict[str, Vendor] = {}
    meanings: list[Meaning] = []
    base = built_in_tables()
    states, pattern = read_states(base / "states.toml")
    for folder in (base, *folders):
        stanzas = folder / "vendors.toml"
        try:
            found = read_vendors(stanzas)
        except TableErrors as error:
            troubles += error.troubles
            continue
        for id_, vendor in found.items():
            if id_ in vendors:
                what = "this vendor is already defined by another folder; choose another id"
                troubles.append(Trouble(stanzas, 0, f"vendors.{id_}", what))
            elif id_.upper() in states or id_.upper() in ("AMBIGUOUS", "NOT_FOUND"):
                what = "the id is a state's name, and both are constants on the device; choose another id"
                troubles.append(Trouble(stanzas, 0, f"vendors.{id_}", what))
            else:
                vendors[id_] = vendor
                try:
                    meanings += read_meanings(folder / f"{id_}.csv", vendor, states)
                except TableErrors as error:
                    troubles += error.troubles
    if troubles:
        raise TableErrors(troubles)
    ordered = sorted(vendors, key=lambda id_: KINDS.index(vendors[id_].kind))
    meanings.sort(key=lambda meaning: ordered.index(meaning.vendor))
    return Catalog(states, {id_: vendors[id_] for id_ in ordered}, tuple(meanings), pattern)


def read_meanings(path: Path, vendor: Vendor, states: dict[str, State]) -> list[Meaning]:
    """The rows of one vendor's CSV, checked. Raises TableErrors with everything that is wrong in it."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror}); each vendor of vendors.toml needs its CSV beside it"
        raise TableErrors([Trouble(path, 0, "", what)]) from None
    check = Rows(path, vendor, states)
    meanings = check.read(raw)
    if check.troubles:
        raise TableErrors(sorted(check.troubles))
    return meanings
