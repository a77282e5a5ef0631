"""Sentences → mentions: words that mean something, with the context the note gives them."""
