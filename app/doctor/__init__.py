"""`sluice doctor`: looks at what an installation stands on, and says how to mend what is wrong.

Each module has the checks of one thing; a check gives findings, and never raises for what it finds.
"""
