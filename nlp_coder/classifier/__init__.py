"""Models beside the rules: how sure a code is, what the word lists may have missed, and their verified store."""
