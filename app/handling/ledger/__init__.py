"""公文台账: the documents of a year with where they went and what became of them (REC-15)."""
