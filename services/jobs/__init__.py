"""Jobs in PostgreSQL, which holds the work; Redis only says "look".

A worker leases a job and shows signs of life while it runs. All times are the database's, since workers on several
machines compare them. `attempts`, which grows with each lease, is the fence: whoever lost a lease changes nothing more.
"""
