"""The office's own certification authority: certificates, revocation lists, answers on status.

Pure functions of keys, DER and times: no database, no files, no clock. P-256 with SHA-256
throughout. The root signs issuing certificates and their list only; it lies off line.
"""
