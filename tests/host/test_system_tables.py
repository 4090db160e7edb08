"""ESP-IDF's and mbedTLS's tables: their numbers are as these two print them, and like names have like states."""

from __future__ import annotations

import pytest

from blinkcode_host.catalog import Catalog, Meaning, load

#: How a name ends or what it holds, and the state of each code that is named so.
STATE_OF_NAMES = {
    "_NO_MEM": "SYSTEM",
    "_ALLOC_FAILED": "SYSTEM",
    "_ALLOC_MEM": "SYSTEM",
    "_FEATURE_UNAVAILABLE": "UNSUPPORTED",
    "_NOT_SUPPORTED": "UNSUPPORTED",
    "_BUFFER_TOO_SMALL": "REQUEST",
    "_INVALID_ARG": "REQUEST",
    "_FILE_IO_ERROR": "MISSING",
    "_NOT_FOUND": "MISSING",
    "_IN_PROGRESS": "BUSY",
}
#: ESP-NOW's send buffers are full, which waiting ends; an algorithm that this build does not know.
EXCEPT = {"ESP_ERR_ESPNOW_NO_MEM", "MBEDTLS_ERR_OID_NOT_FOUND"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def named(catalog: Catalog, vendor: str) -> list[tuple[str, Meaning]]:
    """(identifier, meaning) of each row of a family."""
    source = catalog.vendors[vendor].sources[0].id
    return [(m.messages[source], m) for m in catalog.meanings if m.vendor == vendor]


def test_like_names_have_like_states(catalog: Catalog) -> None:
    rows = named(catalog, "esp_err") + named(catalog, "mbedtls")
    for end, state in STATE_OF_NAMES.items():
        found = [(name, m.state) for name, m in rows if name.endswith(end) and name not in EXCEPT]
        assert found, end
        assert [(name, is_) for name, is_ in found if is_ != state] == [], end
    assert {name for name, _ in rows} >= EXCEPT


def test_numbers_of_esp_idf_are_positive_but_for_one(catalog: Catalog) -> None:
    rows = named(catalog, "esp_err")
    assert all(name.startswith("ESP_") for name, _ in rows)
    assert [name for name, m in rows if m.code <= 0] == ["ESP_FAIL"]
    assert not any(name.endswith("_BASE") for name, _ in rows), "the beginning of a group is no error"


def test_numbers_of_mbedtls_can_be_added(catalog: Catalog) -> None:
    """A sum of two is taken apart by its bits, so a code has high ones or low ones, never both."""
    rows = named(catalog, "mbedtls")
    assert all(name.startswith("MBEDTLS_ERR_") for name, _ in rows)
    assert all(-0x8000 < m.code < 0 for _, m in rows)
    assert [name for name, m in rows if -m.code & 0x7F and -m.code & 0x7F80] == []
    assert {m.text for name, m in rows if name.endswith("_ALLOC_FAILED")} == {"out of memory"}
