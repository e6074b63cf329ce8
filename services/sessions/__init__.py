"""Signing in, staying signed in, signing out. Tokens are derived from keys that the caller passes, and never stored."""
