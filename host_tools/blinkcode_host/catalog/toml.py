"""Read a TOML file into a pydantic model, every error in it told by its place."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from blinkcode_host.catalog.trouble import TableErrors, Trouble

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class Stanza(BaseModel):
    """A part of such a file: it has these keys and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Model = TypeVar("_Model", bound=Stanza)


def read_toml(path: Path, model: type[_Model], page: str) -> _Model:
    """The file as the model. Raises TableErrors with every error; `page` is where the keys are described."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _error(path, "no such file; create it, or name the right folder") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _error(path, f"cannot be read as UTF-8 text ({error})") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        raise _error(path, f"is not valid TOML: {error}", int(at[1]) if at else 0) from None
    except RecursionError:
        raise _error(path, "nests too deeply; a stanza needs three levels") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        troubles = [(".".join(map(str, e["loc"])), f"{e['msg']}; see {page}") for e in error.errors()]
        raise TableErrors([Trouble(path, 0, where, what) for where, what in troubles]) from None


def _error(path: Path, what: str, line: int = 0) -> TableErrors:
    return TableErrors([Trouble(path, line, "", what)])
