"""What operators see of a process: metrics for Prometheus, and traces for OpenTelemetry.

Nothing here knows what Sluice is about, so every layer may tell it something.
"""
