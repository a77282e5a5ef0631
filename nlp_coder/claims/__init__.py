"""Claims without a note, or beside one: what is wrong with codes, and with what others write about codes."""
