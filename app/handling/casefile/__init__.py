"""卷宗包: one case to take away, checked by anybody with :mod:`verify` and nothing else."""
