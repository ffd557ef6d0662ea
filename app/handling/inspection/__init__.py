"""检查: what auditors find in the record, draw from it at random, and hand to an inspector."""
