"""What operators see of operations: metrics, traces, and lines in the log."""
