"""Files in PostgreSQL, which API and workers share wherever they run."""
