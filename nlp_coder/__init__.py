"""Documentation to code: the ICD-10-CM codes a note about back or neck pain earns, with the words that earn them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp_coder.errors import KnowledgeError, NlpCoderError, NoteError
from nlp_coder.types import CodedNote, Note, Span

if TYPE_CHECKING:
    from nlp_coder.coder import Coder

__all__ = ["CodedNote", "Coder", "KnowledgeError", "NlpCoderError", "Note", "NoteError", "Span"]


def __getattr__(name: str) -> Any:
    """Load the Coder, and with it spaCy, only when somebody asks for it."""
    if name == "Coder":
        from nlp_coder.coder import Coder

        return Coder
    raise AttributeError(f"module 'nlp_coder' has no attribute '{name}'")
