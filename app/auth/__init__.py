"""Who speaks: keys, and what an Authorization header says."""
