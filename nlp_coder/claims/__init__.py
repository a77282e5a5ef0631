"""Claims, queries, visits and pages: what billing and documentation teams ask of the code book and the notes."""
