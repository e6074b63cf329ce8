"""What is done with customers and orders alike."""
