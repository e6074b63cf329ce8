"""Where in an input something is wrong."""

Path = tuple[str, ...]
INPUT: Path = ("input",)
"""Every mutation takes one argument of this name."""
