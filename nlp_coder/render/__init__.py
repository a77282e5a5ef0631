"""A CodedNote in, something to read out: terminal text, JSON, HTML. Pure functions; nothing prints."""
