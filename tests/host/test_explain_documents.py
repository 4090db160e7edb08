"""`explain --sources`: a vendor's own description and solution, from the user's copy of the vendor's document.

The documents here are our own writing, in the shapes in which pages are saved and copied.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blinkcode_host.catalog import load
from blinkcode_host.cli import main
from blinkcode_host.explaining.documents import Documents
from properties import examples

_CATALOG = load()
_SAID = ["The pass has run out.", "Ask for a new one."]
_COPIED = "Codes\n\nError code Error message Description Solution\n1,000 data not exist No such row.\n"
_DOCUMENTS = {
    "blanks.txt": f"{_COPIED}1010 token is expired The pass has run out. Ask for a new one.\n1011 token invalid No.\n",
    "tabs.txt": f"{_COPIED}1010\ttoken is expired\tThe pass has run out.\tAsk for a new one.\n",
    "bars.md": "| Code | Message | What | How |\n|---|---|---|---|\n"
    "| 1010 | token is expired | The pass has run out. |\nAsk for a new one. |\n| 1011 | token invalid | No. | N/A |\n",
    "page.html": "<title>x</title><p>1010 token is expired in the text</p><table><tr><th>Error code<th>Message"
    "<tr><td>1010</td><td><code>token is</code>\n expired</td><td>The pass <b>has</b> run&nbsp;out.</td>"
    "<td><p>Ask for</p><p>a new one.</p></td></tr><tr><td>1011<td>token invalid<td>No.</table>",
}


def in_folder(folder: Path, name: str, text: str | bytes, source: str = "tuya-2024-07-22") -> Path:
    """The folder with one document, under its source's id."""
    path = folder / f"{source}{Path(name).suffix}"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def words(folder: Path, code: int = 1010, source: str = "tuya-2024-07-22") -> list[str]:
    """What the folder's document says of a code of Tuya's."""
    found = [m for m in _CATALOG.lookup(code, "tuya") if source in m.messages]
    return Documents(folder, _CATALOG).words(found[0], source)


@pytest.mark.parametrize("name", _DOCUMENTS)
def test_the_words_of_each_kind_of_document(name: str, tmp_path: Path) -> None:
    """A text whose cells are parted by blanks does not tell where the description ends."""
    said = words(in_folder(tmp_path, name, _DOCUMENTS[name]))
    assert said == ([" ".join(_SAID)] if name == "blanks.txt" else _SAID)
    assert words(tmp_path, 1011) == ([] if name == "tabs.txt" else ["No."])
    assert words(tmp_path, 1012) == []


def test_a_code_with_a_comma(tmp_path: Path) -> None:
    assert words(in_folder(tmp_path, "tabs.txt", _DOCUMENTS["tabs.txt"]), 1000) == ["No such row."]


def test_a_row_goes_on_in_a_list(tmp_path: Path) -> None:
    text = "1010 token is expired Run out. 1. Ask.\n\n2. Look at the clock. |\nOther codes, from 2000 on\n2001 x y\n"
    assert words(in_folder(tmp_path, "a.txt", text)) == ["Run out. 1. Ask. 2. Look at the clock."]


def test_a_row_with_another_message_is_another_meaning(tmp_path: Path) -> None:
    text = "1010 token was lost Somewhere.\n1010 Token is expired. Here.\n"
    assert words(in_folder(tmp_path, "a.txt", text)) == ["Here."]


def test_encodings_and_controls(tmp_path: Path) -> None:
    text = "1010\ttoken is expired\t过期 \x1b[31m\u202e了\r\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert words(in_folder(tmp_path, "a.txt", text.encode(encoding))) == ["过期 \\x1b[31m\\u202e了"]


def test_explain_shows_them_beside_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    in_folder(tmp_path, "tabs.txt", _DOCUMENTS["tabs.txt"])
    assert main(["explain", "tuya:1010", "--sources", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    message = out.index("message  token is expired  [Global Error Codes, 2024-07-22]")
    assert message < out.index("vendor   The pass has run out.  [Global Error Codes, 2024-07-22]")
    assert out.index("vendor   Ask for a new one.") < out.index("read at  https://developer.tuya.com/")
    assert out.index("read at") < out.index("advice   Sign in again")
    assert main(["explain", "tuya:1010"]) == 0
    assert "vendor   " not in capsys.readouterr().out
    monkeypatch.setenv("BLINKCODE_SOURCES", str(tmp_path))
    assert main(["explain", "--json", "tuya:1010"]) == 0
    sources = {s["id"]: s for s in json.loads(capsys.readouterr().out)["found"][0]["sources"]}
    assert sources["tuya-2024-07-22"]["words"] == _SAID
    assert sources["tuya-2021-12-21"]["words"] == []


def test_what_is_wrong_with_a_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "1010", "--sources", str(tmp_path / "none")]) == 2
    assert "none: cannot be read (No such file or directory); name a folder" in capsys.readouterr().err
    assert main(["explain", "1010", "--sources", str(tmp_path)]) == 2
    assert "has no document of a source; save one under its id" in capsys.readouterr().err
    (tmp_path / "tuya-2024-07-22.html").mkdir()
    assert main(["explain", "1010", "--sources", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert "tuya-2024-07-22.html: cannot be read (Is a directory)" in captured.err


@examples(200)
@given(
    parts=st.lists(
        st.sampled_from(
            (
                "1010",
                "token is expired",
                "|",
                "\t",
                "\n",
                "<td>",
                "<tr>",
                "</td>",
                "<table>",
                "1.",
                "&#x0;",
                "<!",
                "9" * 20,
            )
        )
        | st.text(max_size=8),
        max_size=30,
    ),
    ending=st.sampled_from((".txt", ".html")),
)
def test_any_document_gives_words_or_none(parts: list[str], ending: str) -> None:
    text = "".join(parts).encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as folder:
        for said in words(in_folder(Path(folder), f"a{ending}", text)):
            assert said.strip() and "\x1b" not in said
