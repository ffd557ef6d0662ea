"""纸质送审: paper that comes to the office for review goes with an electronic document (DRF-19)."""
