"""Model files: verified against their MANIFEST before anything in them is read as more than bytes.

A file is read once, its length and SHA-256 compared, and only those same bytes are parsed or unpickled. That guards
against a damaged, exchanged or half-installed model. It is no signature: who can write the file and the MANIFEST can
write the program as well.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from nlp_coder.errors import ModelError

MANIFEST = "MANIFEST.json"
_AGAIN = "Install nlp-coder again, or train it anew with scripts/train."


@cache
def folder() -> Path:
    """Where the model files are: in the package of an installed wheel, else at the top of the checkout."""
    package = Path(str(files("nlp_coder")))
    inside = package / "models"
    return inside if inside.is_dir() else package.parent / "models"


def manifest(where: Path | None = None) -> dict[str, dict[str, Any]]:
    """What the MANIFEST of a folder (None: ours) says of each file; ModelError if it cannot be read."""
    try:
        listed = json.loads((where or folder()).joinpath(MANIFEST).read_bytes())["models"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelError(f"the models' {MANIFEST} is missing or unreadable. {_AGAIN}") from None
    if not isinstance(listed, dict):
        raise ModelError(f"the models' {MANIFEST} is missing or unreadable. {_AGAIN}")
    return listed


def load_json(name: str, where: Path | None = None) -> dict[str, Any]:
    """The verified content of a JSON model: plain numbers and words, for any version of any library."""
    content, _ = _verified(name, where)
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ModelError(f"the model {name} is no JSON object. {_AGAIN}")
    return found


def load_pickled(name: str, where: Path | None = None) -> Any:
    """The verified object of a joblib model; refused, too, if another scikit-learn trained it."""
    from importlib.metadata import version

    content, entry = _verified(name, where)
    trained, here = entry.get("versions", {}).get("scikit-learn"), version("scikit-learn")
    if trained != here:
        raise ModelError(
            f"the model {name} was trained with scikit-learn {trained}, and {here} is installed. "
            f"Install scikit-learn=={trained}, or train it anew with scripts/train."
        )
    import joblib

    return joblib.load(BytesIO(content))


def _verified(name: str, where: Path | None) -> tuple[bytes, dict[str, Any]]:
    """A model's bytes, and what the MANIFEST says of them; ModelError if they are not those."""
    entry = manifest(where).get(name)
    if not isinstance(entry, dict):
        raise ModelError(f"the model {name} is not in the {MANIFEST}. {_AGAIN}")
    try:
        content = (where or folder()).joinpath(name).read_bytes()
    except OSError:
        raise ModelError(f"the model {name} is missing. {_AGAIN}") from None
    if len(content) != entry.get("size") or hashlib.sha256(content).hexdigest() != entry.get("sha256"):
        raise ModelError(f"the model {name} is not the one of the {MANIFEST}: it has been changed. {_AGAIN}")
    return content, entry
