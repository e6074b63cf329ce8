"""PostGraphile, with row-level security that shows each viewer what Sluice shows them."""
