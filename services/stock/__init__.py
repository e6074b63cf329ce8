"""What is done with stock: everything that moves it goes through `ledger`."""
