"""The medspaCy parts we use, without its noise: no note in its logs, no QuickUMLS and nltk at its import."""

from __future__ import annotations

import sys
from types import ModuleType

from loguru import logger

logger.disable("PyRuSH")  # as installed it logs every token of a note to stderr

_standin = ModuleType("quickumls")  # medspaCy imports QuickUMLS and with it nltk (1.4 s); we use neither
_standin.spacy_component = None  # type: ignore[attr-defined]  # the one name medspaCy asks for
sys.modules.setdefault("quickumls", _standin)

from medspacy.context import ConText, ConTextRule  # noqa: E402  # after the stand-in

if sys.modules["quickumls"] is _standin:
    del sys.modules["quickumls"]  # whoever wants the real one may still import it

__all__ = ["ConText", "ConTextRule"]
