"""统计: how many items, in time or late, and how long — per unit, department and person.

Computed at every look from the stays that people ended, nothing is kept; the record has the same.
"""
