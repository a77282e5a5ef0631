"""Claims, queries and visits: what a billing office and a documentation team ask of the code book and the notes."""
