"""见证: systems that cosign each other's checkpoints over HTTP, after C2SP tlog-witness.

A record that was written anew, with all its hashes and checkpoints, does not follow from what a
witness has cosigned, and the witness says so (decision 26).
"""
