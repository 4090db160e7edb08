"""An explanation for people, as lines of plain text; their own words are in English or Chinese."""

from __future__ import annotations

from rich.cells import cell_len

from blinkcode_host.catalog.export import entry
from blinkcode_host.catalog.numbers import Reading
from blinkcode_host.catalog.records import Catalog, Meaning, State
from blinkcode_host.explaining.documents import Documents
from blinkcode_host.explaining.explain import Explanation, sources_of
from blinkcode_host.explaining.lamp import draw

#: Columns in which a fact's words begin; the lines that go on with it begin there too.
INDENT = 11
#: Most meanings that are told in full of those that have the words; more are listed.
MOST_IN_FULL = 3
_LABEL = INDENT - 3
_MS_PER_CHARACTER = (100, 200, 400)  # of the lamp's picture: the first that fits
#: What is said of a vendor that is no cloud, by its kind.
_WHOSE = {
    "cloud": ("", ""),
    "system": (
        "the device's own: its system, Wi-Fi or libraries, no cloud",
        "设备自身：系统、Wi-Fi 或库，不是云端",
    ),
    "host": ("a program's on a computer; no device sends it", "电脑上的程序；设备不会发送"),
}
_FIELD_ONLY = ("from reports of users only; no document lists it", "仅见于用户报告；没有文档列出")


def as_lines(
    catalog: Catalog,
    explanation: Explanation,
    language: str | None = None,
    width: int | None = None,
    documents: Documents | None = None,
) -> list[str]:
    """The explanation in a language; in None, in English with text and advice in each other language too.

    The words around them are English in any language but Chinese, and so is what a row has not in the language.

    `documents` are the vendors' own, whose words on a code are told too. Raises OSError where one cannot be read.
    The lines are not broken; `width` is the columns in which the lamp's picture has to fit.
    """
    chinese = language == "zh"
    lines: list[str] = []
    if explanation.by_words and len(explanation.found) > MOST_IN_FULL:
        count = len(explanation.found)
        lines.append(f"{count} 个代码含有这些词：" if chinese else f"{count} meanings have these words:")
        return lines + [_listed(m, language, with_messages=True) for _, m in explanation.found]
    for way, m in explanation.found:
        if lines:
            lines.append("")
        lines.append(f"{m.vendor} {m.code}  {m.state}  {m.text_in(language or 'en')}")
        lines += [
            _fact(name, said) for name, said in _facts(catalog, way, m, language, width, documents) if said
        ]
    if explanation.ambiguous:
        *others, last = sorted({m.vendor for _, m in explanation.found})
        example = f"{m.vendor}:{m.code}"
        if chinese:
            lines += ["", f"{'、'.join(others)} 和 {last} 都有此代码：请指明厂商，例如 {example}。"]
        else:
            claimants = f"{', '.join(others)} and {last}"
            lines += ["", f"Claimed by {claimants}: name the vendor, for example {example}."]
    if not explanation.found:
        lines.append(f"{explanation.written}{'：表中没有。' if chinese else ': not in the tables.'}")
        lines += [f"  {'属于' if chinese else 'falls in'} {section}" for section in explanation.sections]
    if explanation.near:
        lines += ["", "相近的代码：" if chinese else "Near misses:"]
        lines += [_listed(meaning, language) for meaning in explanation.near]
    return lines


def _facts(
    catalog: Catalog,
    way: Reading,
    m: Meaning,
    language: str | None,
    width: int | None,
    documents: Documents | None,
) -> list[tuple[str, str]]:
    """(label, what is said) of a meaning; "" where there is nothing to say."""
    chinese = language == "zh"
    state = catalog.states[m.state]
    sources = sources_of(catalog, m)
    messages = [f"{m.messages[source.id]}  [{source.cited}]" for source in sources]
    words = [
        f"{said}  [{source.cited}]"
        for source in sources
        if documents
        for said in documents.words(m, source.id)
    ]
    pages = [source.url for source in sources if source.url]
    section = str(entry(catalog, m)["section_title"])
    whose = _WHOSE[catalog.vendors[m.vendor].kind][chinese]
    known = _FIELD_ONLY[chinese] if catalog.field_only(m) else ""
    lamp = _lamp(catalog, state, chinese, width)
    aliased = way.code != m.code
    if chinese:
        return [
            ("读作", way.how),
            ("别名", f"{way.code} 很可能就是 {m.code}" if aliased else ""),
            ("属于", whose),
            ("章节", section),
            *(("原文", message) for message in messages),
            *(("厂商", said) for said in words),
            *(("出处", page) for page in pages),
            ("依据", known),
            ("灯", lamp),
            ("含义", f"{m.state}，{state.level}。{state.means_zh}"),
            ("处理", catalog.remedy(m, "zh")),
            ("建议", m.advice_zh),
            ("固件", m.advice_dev_zh),
            ("备注", m.note),
        ]
    in_chinese = f"{m.text_zh}。{m.advice_zh}" + (f"固件：{m.advice_dev_zh}" if m.advice_dev_zh else "")
    return [
        ("read as", way.how),
        ("alias", f"{way.code} most likely stands for {m.code}" if aliased else ""),
        ("whose", whose),
        ("section", section),
        *(("message", message) for message in messages),
        *(("vendor", said) for said in words),
        *(("read at", page) for page in pages),
        ("known", known),
        ("lamp", lamp),
        ("means", f"{m.state}, {state.level}. {state.means}"),
        ("remedy", catalog.remedy(m)),
        ("advice", m.advice_in(language or "en")),
        ("firmware", m.advice_dev),
        ("note", m.note),
        ("中文", "" if language or len(m.untranslated) == 2 else in_chinese),
        *((other, f"{text}. {advice}") for other, text, advice in m.others if not language),
    ]


def _lamp(catalog: Catalog, state: State, chinese: bool, width: int | None) -> str:
    """The lamp's picture, drawn small where it would not fit, its count and its colour."""
    steps = catalog.pattern.steps(state.flashes, state.second)
    pictures = [draw(steps, ms) for ms in _MS_PER_CHARACTER]
    picture = next((p for p in pictures if width is None or INDENT + len(p) <= width), pictures[-1])
    if chinese:
        light = "常亮" if state.count == "steady" else f"闪 {state.count} 次"
        return f"{picture}  {light}，{state.colour}"
    light = {"steady": "steady", "1": "1 flash"}.get(state.count, f"{state.count} flashes")
    return f"{picture}  {light}, {state.colour}"


def _fact(name: str, said: str) -> str:
    return f"  {name}{' ' * (_LABEL - cell_len(name))} {said}"


def _listed(m: Meaning, language: str | None, with_messages: bool = False) -> str:
    messages = "  " + " / ".join(dict.fromkeys(m.messages.values())) if with_messages else ""
    return f"  {m.vendor} {m.code}  {m.state}  {m.text_in(language or 'en')}{messages}"
