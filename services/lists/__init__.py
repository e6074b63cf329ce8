"""What is done with lists that the company manages itself."""
