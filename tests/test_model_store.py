"""Model files are refused before anything in them is read as more than bytes."""

from __future__ import annotations

import hashlib
import json
import pickle
from importlib.metadata import version
from pathlib import Path

import joblib
import pytest

from nlp_coder.classifier.store import MANIFEST, folder, load_json, load_pickled, manifest
from nlp_coder.errors import ModelError

NAME = "model.joblib"


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        """Where to leave it."""
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """What unpickling calls."""
        return Path.touch, (self.trace,)


def listed(where: Path, name: str, content: bytes, **other: object) -> None:
    """A folder with a model and the MANIFEST that fits it, but for what is given."""
    entry = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "versions": {"scikit-learn": version("scikit-learn")},
    }
    where.joinpath(name).write_bytes(content)
    where.joinpath(MANIFEST).write_text(json.dumps({"models": {name: {**entry, **other}}}), encoding="utf-8")


def refused(where: Path, name: str = NAME) -> str:
    """The one line that says why a model is not loaded."""
    with pytest.raises(ModelError) as error:
        load_pickled(name, where)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_model_of_the_manifest_is_loaded(tmp_path: Path) -> None:
    """The object that was stored; a trap springs, so that the tests below prove something."""
    where = tmp_path / "plain.joblib"
    joblib.dump({"weights": [1.5, -2.0]}, where)
    listed(tmp_path, "plain.joblib", where.read_bytes())
    assert load_pickled("plain.joblib", tmp_path) == {"weights": [1.5, -2.0]}
    trace = tmp_path / "trace"
    listed(tmp_path, NAME, pickle.dumps(Trap(trace)))
    load_pickled(NAME, tmp_path)
    assert trace.exists()


def test_a_pickle_with_another_hash_is_never_unpickled(tmp_path: Path) -> None:
    """Same length, other bytes: it leaves no trace."""
    trace = tmp_path / "trace"
    content = pickle.dumps(Trap(trace))
    listed(tmp_path, NAME, content, sha256=hashlib.sha256(bytes(len(content))).hexdigest())
    assert refused(tmp_path).startswith(f"the model {NAME} is not the one of the MANIFEST.json: it has been changed.")
    assert not trace.exists()


def test_a_pickle_with_more_behind_it_is_never_unpickled(tmp_path: Path) -> None:
    """A byte appended."""
    trace = tmp_path / "trace"
    listed(tmp_path, NAME, pickle.dumps(Trap(trace)))
    with tmp_path.joinpath(NAME).open("ab") as file:
        file.write(b"\0")
    assert refused(tmp_path).startswith(f"the model {NAME} is not the one of the MANIFEST.json: it has been changed.")
    assert not trace.exists()


def test_another_scikit_learn_is_named_before_unpickling(tmp_path: Path) -> None:
    """It says which one to install."""
    trace = tmp_path / "trace"
    listed(tmp_path, NAME, pickle.dumps(Trap(trace)), versions={"scikit-learn": "0.1"})
    assert refused(tmp_path) == (
        f"the model {NAME} was trained with scikit-learn 0.1, and {version('scikit-learn')} is installed. "
        "Install scikit-learn==0.1, or train it anew with scripts/train."
    )
    assert not trace.exists()


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    """Listed and not there."""
    listed(tmp_path, NAME, b"")
    tmp_path.joinpath(NAME).unlink()
    assert refused(tmp_path) == (
        f"the model {NAME} is missing. Install nlp-coder again, or train it anew with scripts/train."
    )


def test_a_model_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    """There and not listed: nobody vouches for it."""
    trace = tmp_path / "trace"
    listed(tmp_path, "other.joblib", b"")
    tmp_path.joinpath(NAME).write_bytes(pickle.dumps(Trap(trace)))
    assert refused(tmp_path).startswith(f"the model {NAME} is not in the MANIFEST.json.")
    assert not trace.exists()


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b'{"models": 3}', b"\xff"])
def test_an_unreadable_manifest_vouches_for_nothing(tmp_path: Path, content: bytes | None) -> None:
    """Missing, empty, cut short, of another shape."""
    listed(tmp_path, NAME, b"")
    tmp_path.joinpath(MANIFEST).unlink()
    if content is not None:
        tmp_path.joinpath(MANIFEST).write_bytes(content)
    assert refused(tmp_path).startswith("the models' MANIFEST.json is missing or unreadable.")


def test_plain_weights_need_no_version(tmp_path: Path) -> None:
    """JSON models are verified by length and hash, and loaded whatever trained them."""
    listed(tmp_path, "plain.json", b'{"bias": 1}', versions={"scikit-learn": "0.1"})
    assert load_json("plain.json", tmp_path) == {"bias": 1}
    tmp_path.joinpath("plain.json").write_bytes(b'{"bias": 2}')
    with pytest.raises(ModelError, match="has been changed"):
        load_json("plain.json", tmp_path)
    listed(tmp_path, "plain.json", b"[1]")
    with pytest.raises(ModelError, match="is no JSON object"):
        load_json("plain.json", tmp_path)


def test_the_manifest_lists_every_model_and_what_it_was_trained_on() -> None:
    """No file in models/ is unlisted; the training data are those of this checkout."""
    there = {file.name for file in folder().iterdir()} - {MANIFEST, "README.md"}
    assert set(manifest()) == there
    root = folder().parent
    inputs = {name: sha for entry in manifest().values() for name, sha in entry["trained_on"].items()}
    found = {name: hashlib.sha256(root.joinpath(name).read_bytes()).hexdigest() for name in inputs}
    assert found == inputs
