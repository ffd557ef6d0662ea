"""停留: which stays open and end, with whom they lie, until when, and who is told."""
