"""Documents that are named by a hash instead of being sent: trusted ones, and those that clients have sent before."""
