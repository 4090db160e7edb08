"""A device's banner names the table that it was built with: whether that is what these tables compile to."""

from __future__ import annotations

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.compiler.module import table_id
from blinkcode_host.finding.shapes import BANNER


class Banners:
    """Looks at a log's banners; each other table is told of once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: set[str] = set()

    def told(self, text: str) -> list[str]:
        """What to say of the banners in a text: one sentence for each table that is not these tables' own."""
        said = []
        for match in BANNER.finditer(text):
            if match["id"] in self._known:
                continue
            self._known.add(match["id"])
            vendors = [v for v in (match["vendors"] or "").split() if v in self._catalog.vendors]
            catalog = self._catalog.only(vendors)
            ours = [table_id(catalog, language=language) for language in self._catalog.languages]
            ours.append(table_id(catalog, text=False))
            if match["id"] not in ours:
                said.append(
                    f"the board has table {match['id']}, these tables compile to {ours[0]}: "
                    "its texts and states may differ from those below; flash it anew, or use its tables with --tables"
                )
        return said
