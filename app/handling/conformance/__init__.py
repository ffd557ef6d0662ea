"""合规检查: every closed case held against the diagram version that it ran on, from the record."""
