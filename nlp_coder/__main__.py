"""``python -m nlp_coder`` is ``nlp-coder``."""

from nlp_coder.cli.app import main

main()
