"""Read, check and freeze the vendor tables into plain immutable records."""

from blinkcode_host.catalog.reader import built_in_tables, load
from blinkcode_host.catalog.records import Catalog, Meaning, Section, Source, State, Vendor
from blinkcode_host.catalog.trouble import TableErrors

__all__ = [
    "Catalog",
    "Meaning",
    "Section",
    "Source",
    "State",
    "TableErrors",
    "Vendor",
    "built_in_tables",
    "load",
]
