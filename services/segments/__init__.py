"""Segments: filters that people keep under a name."""
