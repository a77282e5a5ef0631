"""What an AI scribe wrote and coded, read from any shape, checked against the words of its own note."""
