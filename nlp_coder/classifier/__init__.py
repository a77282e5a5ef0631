"""Models beside the rules: the second reader, and the store that verifies a model before it is loaded."""
