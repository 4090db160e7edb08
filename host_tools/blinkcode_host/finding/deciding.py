"""One number's way: who may have sent it, which row of the table that is, and the finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from blinkcode_host.catalog.records import Meaning
from blinkcode_host.finding.finding import Finding, shared_state
from blinkcode_host.finding.forms import Claim, Forms
from blinkcode_host.finding.number import Number, is_part_of_something_else, number_at, value_of
from blinkcode_host.finding.questions import Candidate, answering, words_in_message
from blinkcode_host.finding.table import Row, row_of
from blinkcode_host.finding.text import NEAR, Text
from blinkcode_host.finding.wire import from_number

_WIRE_FROM = 0x8000
_CLAUSE = re.compile(r"[;,|\n]")


def decide(t: Text, start: int, end: int, claim: Claim | None = None) -> Finding | None:
    """The finding for the number at text[start:end], its line left to the caller, or None for no code.

    `claim` is the cloud in whose form it stands.
    """
    written = t.text[start:end]
    if is_part_of_something_else(t.text, start, end):
        return None
    hexadecimal = written[:2] in ("0x", "0X")
    if hexadecimal or value_of(written) >= _WIRE_FROM:
        wire = from_number(t, start, end, written)
        if wire or hexadecimal:
            return wire
    number = number_at(t, start, end)
    if number.meanings and not t.shown(number.meanings):
        return None  # a success
    return _best(number, candidates(number, claim))


def decide_claim(t: Text, forms: Forms, claim: Claim, name_beside: bool) -> Finding | None:
    """The finding for a number that stands in a form of its own, or beside the name of its code."""
    number = number_at(t, claim.start, claim.end)
    row = row_of(Candidate(number, claim.vendor, claim, name_beside))
    if row is None or row.never:
        return None
    meanings = t.shown(forms.meanings(claim.vendor, claim.code))
    if forms.meanings(claim.vendor, claim.code) and not meanings:
        return None  # a success
    return found(number, row, meanings, claim.vendor, claim.code)


def candidates(n: Number, claim: Claim | None = None) -> Iterator[Candidate]:
    """Who may have sent a number: those whose words stand beside it, those who are named, or else those who have it."""
    having = {m.vendor for m in n.meanings}
    named = n.named or answering(n) or n.t.named_before
    speaking = {m.vendor for match in words_in_message(n) for m in match.phrase.meanings}
    for vendor, kind in n.t.senders:
        theirs = claim if claim and claim.vendor == vendor and (not n.named or vendor in n.named) else None
        if theirs or vendor in having or vendor in speaking or (vendor in named and kind != "host"):
            yield Candidate(n, vendor, theirs)


def _best(n: Number, those: Iterable[Candidate]) -> Finding | None:
    """The finding of the best row that any candidate has."""
    rows: dict[str, Row] = {}
    for candidate in those:
        row = row_of(candidate)
        if row:
            rows[candidate.vendor] = row
    if not rows:
        return None
    first = min(rows.values(), key=lambda row: row.number)
    if first.never:
        return None
    vendors = [vendor for vendor, row in rows.items() if row is first]
    if len(vendors) > 1:
        nearer = n.t.named_in(n.start - len(_CLAUSE.split(n.before(NEAR))[-1]), n.start)
        vendors = [v for v in vendors if v in nearer] or vendors
    return found_for(n, first, vendors)


def found_for(n: Number, row: Row, vendors: list[str]) -> Finding:
    """The finding of a row for one vendor, or for several that it cannot tell apart."""
    meanings = tuple(m for m in n.t.shown(n.meanings) if m.vendor in vendors)
    agreeing = tuple(m for m in n.own if m in meanings)
    meanings = agreeing or meanings
    others = tuple(m for match in words_in_message(n)[:1] for m in match.phrase.meanings)
    if row.name == "other words":
        told = others[0]
        why = f"contradicted: the words beside it are {told.vendor} {told.code}'s"
        shown = (*meanings, *(m for m in others if m not in meanings))
        return found(n, row, shown, vendors[0] if len(vendors) == 1 else None, n.code, why, meanings)
    if row.name == "other words, unknown":
        likely = tuple(m for m in others if m.vendor in n.named) or others
        why = f"{n.code} is not in the tables; the words are those of {likely[0].vendor} {likely[0].code}"
        return found(n, row, likely, None, n.code, why, ())
    return found(n, row, meanings, vendors[0] if len(vendors) == 1 else None, n.code)


def found(
    n: Number,
    row: Row,
    meanings: tuple[Meaning, ...],
    vendor: str | None,
    code: int,
    why: str = "",
    of: tuple[Meaning, ...] | None = None,
) -> Finding:
    """A finding at a number; `of` are those of the meanings that have the code, where not all do."""
    state = shared_state(meanings if of is None else of)
    return Finding(
        0,
        n.start,
        n.written,
        code,
        vendor,
        _form(n),
        row.confidence,
        why or row.why,
        meanings,
        state,
        1,
        row.name,
    )


def _form(n: Number) -> str:
    """How a number is written: as the value of a pair, as an errno, or in running text."""
    if n.word == "errno":
        return "errno"
    if n.after(1) in ('"', "'", ",", "}") and (":" in n.parting or "=" in n.parting):
        return "pair"
    return "pair" if '"' in n.parting or "'" in n.parting else "text"
