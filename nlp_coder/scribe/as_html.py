"""A ScribeAudit in, the page of its note out: the scribe's codes first, the findings as alerts that cite the note."""

from __future__ import annotations

from nlp_coder.render.as_html import as_html as coded_as_html
from nlp_coder.render.page import asset, template
from nlp_coder.scribe.nouns import ScribeAudit
from nlp_coder.scribe.told import as_coded, headline, same, verdicts


def as_html(audit: ScribeAudit) -> str:
    """One self-contained page; every text of the document is escaped."""
    proposed = [(one, [f for f in audit.findings if same(f.code, one.code)]) for one in verdicts(audit)]
    section = template(asset("scribe.html.j2")).render(headline=headline(audit), proposed=proposed)
    return coded_as_html(as_coded(audit), lead=section)
