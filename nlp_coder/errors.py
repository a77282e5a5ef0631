"""What can go wrong, in words that say what to do. No message ever holds text of a note."""

from __future__ import annotations


class NlpCoderError(Exception):
    """Anything this package refuses; the message is one clear line (or one a fault)."""


class KnowledgeError(NlpCoderError):
    """A knowledge file is unsound: all its faults at once, each with file, line and the allowed words."""

    def __init__(self, faults: list[str]) -> None:
        """Keep the faults apart for callers; the message joins them, one a line."""
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class NoteError(NlpCoderError):
    """The note, its date or its options cannot be used."""


class InputError(NlpCoderError):
    """An input of many notes (a file, a folder, a table, a query) cannot be used as a whole."""


class ModelError(NlpCoderError):
    """A trained model is missing, changed, or made by other versions; the rules can go on without it."""
