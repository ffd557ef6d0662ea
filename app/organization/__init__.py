"""Units, people, posts and accounts: who may act, and who comes next."""
