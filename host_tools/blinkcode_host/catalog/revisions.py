"""What changed between two revisions of a vendor's document."""

from __future__ import annotations

from dataclasses import dataclass

from blinkcode_host.catalog.records import Catalog, Meaning, Source, Vendor


@dataclass(frozen=True)
class Changes:
    """Meanings that came, went, or whose vendor words changed, in the order of their codes."""

    old: Source
    new: Source
    added: tuple[Meaning, ...]
    withdrawn: tuple[Meaning, ...]
    reworded: tuple[Meaning, ...]


def find_source(vendor: Vendor, name: str) -> Source | None:
    """A source of the vendor by its id, its date, or its id without the vendor's name."""
    for source in vendor.sources:
        if name in (source.id, str(source.date), source.id.removeprefix(f"{vendor.id}-")):
            return source
    return None


def changes(catalog: Catalog, vendor: str, old: Source, new: Source) -> Changes:
    """Compare the two sources' columns.

    Field reports are no edition: nothing was withdrawn between them and a document, and what only a document
    has was not added by it.
    """
    rows = [m for m in catalog.meanings if m.vendor == vendor]
    editions = "field" not in (old.kind, new.kind)
    return Changes(
        old,
        new,
        tuple(m for m in rows if old.id not in m.messages and new.id in m.messages and old.kind != "field"),
        tuple(m for m in rows if old.id in m.messages and new.id not in m.messages and editions),
        tuple(m for m in rows if len({m.messages.get(old.id), m.messages.get(new.id), None}) == 3),
    )
