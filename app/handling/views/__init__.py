"""What pages and programs read of cases; nothing here changes anything."""
