"""推演: a route is stepped through with chosen people, days and outcomes; nothing is touched."""
