"""Orders from files: kept, read, staged, applied in batches, reported."""
