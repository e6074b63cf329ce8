"""Whole lives of orders: random commands by random people, told to the API and to a model of plain Python.

The model knows the rules of the business from the documents and shares no code with the product. Each rule is in one
place here: who may what in `people`, amounts in `sums`, steps in `steps`, and so on.
"""
