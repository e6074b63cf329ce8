"""The real retailer's data, where it is beside this checkout."""

from pathlib import Path

DATA = Path(__file__).parents[3] / "shared" / "data" / "online-retail"
FILES = sorted(DATA.glob("*.csv.gz"))
