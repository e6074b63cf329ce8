"""What is done with teams and regions."""
