"""The catalogs that are measured: the clouds alone, and all that a device gets."""

from __future__ import annotations

from blinkcode_host.catalog import Catalog, load


def clouds() -> Catalog:
    """The three clouds."""
    catalog = load()
    return catalog.only(catalog.vendors_of("cloud"))


def device_catalog() -> Catalog:
    """The clouds and the device's own families."""
    catalog = load()
    return catalog.only(catalog.vendors_of("cloud", "system"))


def family(name: str) -> Catalog:
    """One vendor alone."""
    return load().only([name])
