"""What keeps the API alive: points for each caller, and so many operations at once."""
