"""What the device itself reports: `blinkcode: broadlink -4012 PAIR ...`, in a log or in a journal's dump."""

from __future__ import annotations

from blinkcode_host.catalog.records import Catalog
from blinkcode_host.finding.finding import SAYS_SO, Finding
from blinkcode_host.finding.shapes import BANNER, DEVICE, DEVICE_NOTE, JOURNAL
from blinkcode_host.finding.words import is_done

#: What every report has in it.
REPORT = "blinkcode: "


def reported(text: str, catalog: Catalog, verbose: bool) -> list[Finding] | None:
    """The code that a device reports in a text; None where the text is not a report."""
    match = DEVICE.search(text) if REPORT in text else None
    if not match:
        says_no_code = REPORT in text and (BANNER.search(text) or DEVICE_NOTE.search(text))
        return [] if says_no_code else None
    vendor = None if match["vendor"] in (None, "?") else match["vendor"]
    code = None if match["code"] == "?" else int(match["code"])
    state, times = match["state"], int(match["times"] or 1)
    claimants = {vendor} if vendor else set(match["text"].split()) & set(catalog.vendors)
    known = () if code is None else catalog.lookup(code)
    clouds = set(catalog.vendors_of("cloud"))  # a device asks no other table about a number that nobody names
    known = tuple(m for m in known if m.vendor in (claimants or clouds))
    if known and is_done(known[0]) and not verbose:
        return []
    why = SAYS_SO
    if not vendor and known:
        having = sorted({m.vendor for m in known})
        why = f"the device names no vendor; {' and '.join(having)} {'have' if len(having) > 1 else 'has'} this number"
    elif known and state != known[0].state:
        why = f"the device says so, with the state {state} where these tables have {known[0].state}"
    elif code is None:
        why = "the device has no number for it"
    elif not known:
        why = "the device says so; these tables do not have the code"
    start = match.start("code" if match["vendor"] is None else "vendor")
    written = text[start : match.end("code")]
    form = "device"
    if record := JOURNAL.search(match["text"]):
        form, times = "journal", int(record["times"])
    return [Finding(0, start, written, code, vendor, form, 1.0, why, known, state, times)]
