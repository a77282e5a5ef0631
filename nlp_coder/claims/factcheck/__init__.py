"""An article, superbill or cheat sheet in, its claims about codes out: supported, contradicted or not checkable."""
