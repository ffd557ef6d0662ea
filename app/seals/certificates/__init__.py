"""证书管理: who holds a certificate, what became of it, and whether it may be used now.

Every verb checks, changes, records and returns; none commits. Applications are asked for by one
person, checked by a second and granted by a third; the authority's process issues what is granted.
"""
