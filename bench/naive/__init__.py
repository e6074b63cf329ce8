"""The same types as a good team writes them at first: Strawberry, Tortoise's objects, a DataLoader a relation."""
