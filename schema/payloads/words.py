"""What the fields of many payloads say."""

ENTRY = "What it is now; null if anything was refused."
ERRORS = "Why nothing was changed; empty if it was."
