"""督办: the office head or a supervisor sets a department a target date, and follows it to the end.

What is asked, reported, put off and closed stands beside the route of the document: no stay and no
token moves by it. Time presses by a ladder of reminders (``ladder``, ``times``).
"""
