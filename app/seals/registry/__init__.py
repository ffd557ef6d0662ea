"""印章管理: seals made, kept, permitted, suspended and retired, and the register of their uses."""
