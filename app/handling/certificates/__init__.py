"""证书 in the task list: the route of applications, and reminders before certificates run out."""
