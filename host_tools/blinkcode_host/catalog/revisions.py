"""What changed between two revisions of a vendor's document, or differs between two other sources."""

from __future__ import annotations

from dataclasses import dataclass

from blinkcode_host.catalog.records import Catalog, Meaning, Source, Vendor


@dataclass(frozen=True)
class Changes:
    """Meanings that one of two sources has alone, or has in other words, in the order of their codes."""

    old: Source
    new: Source
    only_new: tuple[Meaning, ...]  # added, where they are editions
    only_old: tuple[Meaning, ...]  # withdrawn, where they are editions
    reworded: tuple[Meaning, ...]

    @property
    def editions(self) -> bool:
        """Whether they are two editions of one document or source file: then what is missing was withdrawn."""
        kinds = {self.old.kind, self.new.kind}
        return kinds == {"document"} or (kinds == {"code"} and self.old.title == self.new.title)


def find_source(vendor: Vendor, name: str) -> Source | None:
    """A source of the vendor by its id, its date, or its id without the vendor's name."""
    for source in vendor.sources:
        if name in (source.id, str(source.date), source.id.removeprefix(f"{vendor.id}-")):
            return source
    return None


def changes(catalog: Catalog, vendor: str, old: Source, new: Source) -> Changes:
    """Compare the two sources' columns.

    Field reports list what users met, so what they lack says nothing: beside them, what another source has alone
    is left out.
    """
    rows = [m for m in catalog.meanings if m.vendor == vendor]
    return Changes(
        old,
        new,
        tuple(m for m in rows if old.id not in m.messages and new.id in m.messages and old.kind != "field"),
        tuple(m for m in rows if old.id in m.messages and new.id not in m.messages and new.kind != "field"),
        tuple(m for m in rows if len({m.messages.get(old.id), m.messages.get(new.id), None}) == 3),
    )
