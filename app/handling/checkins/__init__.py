"""登录查收: who has to look in when, and who did not (DDL-04, DDL-07, DDL-10 to DDL-14).

Kept of a person are the minute of his last visit to the lists and what he missed: no address, no
page, no history of visits. When something is missed is arithmetic (``deadlines.checkins``).
"""
