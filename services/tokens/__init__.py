"""API tokens, with which machines speak for a user."""
