"""Makes the invented houses: a price follows from district, rooms and area, with some noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

if TYPE_CHECKING:
    from pathlib import Path

HOUSES = 600
DISTRICTS = {"Harbour": 5200.0, "Hill": 3900.0, "Old town": 4600.0, "Meadow": 2800.0}
"""Each with its price of a square metre."""


def write_synthetic(folder: Path) -> Path:
    """Write one CSV file into a folder, and return it."""
    random = np.random.default_rng(5)
    district = random.choice(np.array(list(DISTRICTS)), size=HOUSES)
    rooms = random.integers(1, 8, size=HOUSES)
    area = np.round(rooms * 22 + random.normal(10, 6, HOUSES).clip(-10), 1)
    metre = np.array([DISTRICTS[name] for name in district])
    days = np.datetime64("2021-01-01") + random.integers(0, 900, HOUSES)
    table = pa.table(
        {
            "id": np.arange(1, HOUSES + 1),
            "district": district,
            "rooms": rooms,
            "area": area,
            "sold_on": pa.array(days.astype("datetime64[D]")),
            "price": np.round(area * metre * random.lognormal(0, 0.08, HOUSES), 2),
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    pa_csv.write_csv(table, folder / "houses.csv")
    return folder
