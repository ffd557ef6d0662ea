"""预演 and 迁移: what a new version means for cases on the way, and moving chosen ones to it."""
