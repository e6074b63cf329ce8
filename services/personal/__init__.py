"""What is done with personal data: it is put together for the person, and erased."""
