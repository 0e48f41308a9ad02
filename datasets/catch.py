"""Makes a look-alike of the lab's three catch files: invented figures, the same bytes each time.

The real files bear a licence that forbids to ship them. The look-alike has their columns, types
and peculiarities: the file of all high seas has nine columns only, the file of Fiji's zone calls
two columns by other names and has two columns more. Value follows from weight, species, gear,
use, sector and year, with noise, so that there is something to learn from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

if TYPE_CHECKING:
    from pathlib import Path


class Species(NamedTuple):
    """A line of the invented price list."""

    scientific_name: str
    common_name: str
    functional_group: str
    commercial_group: str
    price: float
    """2010 US dollars a tonne, landed, before the year, gear and use change it."""


SPECIES = (
    Species("Thunnus albacares", "Yellowfin tuna", "Large pelagics", "Tunas", 2900.0),
    Species("Thunnus obesus", "Bigeye tuna", "Large pelagics", "Tunas", 4300.0),
    Species("Thunnus alalunga", "Albacore", "Large pelagics", "Tunas", 2400.0),
    Species("Katsuwonus pelamis", "Skipjack tuna", "Medium pelagics", "Tunas", 1350.0),
    Species("Scombridae", "Mackerels, tunas, bonitos", "Medium pelagics", "Tunas", 1750.0),
    Species("Xiphias gladius", "Swordfish", "Large pelagics", "Billfishes", 5200.0),
    Species("Makaira nigricans", "Blue marlin", "Large pelagics", "Billfishes", 2100.0),
    Species("Prionace glauca", "Blue shark", "Large sharks", "Sharks", 780.0),
    Species("Lutjanidae", "Snappers", "Reef fishes", "Perch-likes", 3600.0),
    Species("Serranidae", "Groupers", "Reef fishes", "Perch-likes", 4100.0),
    Species("Holothuroidea", "Sea cucumbers", "Reef invertebrates", "Invertebrates", 9800.0),
    Species("Marine fishes", "Fishes not identified", "Other", "Other fishes", 950.0),
)

ENTITIES = (
    "Fiji",
    "Japan",
    "Taiwan",
    "Korea (South)",
    "USA",
    "Indonesia",
    "Philippines",
    "Papua New Guinea",
    "Solomon Isl.",
    "Vanuatu",
    "China",
    "Australia",
)

GEARS = {"longline": 1.35, "purse seine": 0.7, "pole and line": 1.05, "gillnet": 0.9}
"""What the gear does to the price: fish from a line is in better shape."""

USES = {"Direct human consumption": 1.0, "Fishmeal and fish oil": 0.35, "Discards": 0.2}
"""What the use does to the price."""

SECTORS = {"Industrial": 1.0, "Artisanal": 1.15, "Subsistence": 0.85}
"""What the sector does to the price."""

DATA_LAYERS = ("Reconstructed domestic catch", "Tuna commission catch", "Inferred foreign catch")


YEARS = np.arange(1950, 2019)
SHARE_OF_YEARS = 0.8
MACKERELS = [species.common_name for species in SPECIES].index("Mackerels, tunas, bonitos")
GLOBAL_COLUMNS = (
    "year", "fishing_entity", "fishing_sector", "catch_type", "reporting_status", "gear_type",
    "end_use_type", "tonnes", "landed_value",
)  # fmt: skip
HIGH_SEAS_COLUMNS = (
    "area_name", "area_type", "year", "scientific_name", "common_name", "functional_group",
    "commercial_group", *GLOBAL_COLUMNS[1:],
)  # fmt: skip
ZONE_COLUMNS = (*HIGH_SEAS_COLUMNS[:2], "data_layer", "uncertainty_score", *HIGH_SEAS_COLUMNS[2:])
RAW_ZONE_NAMES = {"common_name": "fish_name", "fishing_entity": "country"}


def write_synthetic(folder: Path) -> Path:
    """Write the three CSV files into a folder of their own, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    everywhere = _catches(seed=1, fleets=170).select(GLOBAL_COLUMNS)
    high_seas = _catches(
        seed=71, fleets=190, area_name="Pacific, Western Central", area_type="high_seas"
    ).select(HIGH_SEAS_COLUMNS)
    zone = _catches(seed=242, fleets=210, area_name="Fiji", area_type="eez").select(ZONE_COLUMNS)
    raw_zone = zone.rename_columns([RAW_ZONE_NAMES.get(name, name) for name in ZONE_COLUMNS])
    pa_csv.write_csv(everywhere, folder / "SAU-GLOBAL-1-synthetic.csv")
    pa_csv.write_csv(high_seas, folder / "SAU-HighSeas-71-synthetic.csv")
    pa_csv.write_csv(raw_zone, folder / "SAU-EEZ-242-synthetic.csv")
    return folder


def _catches(*, seed: int, fleets: int, area_name: str = "", area_type: str = "") -> pa.Table:
    """Catches of a number of fleets over the years: a row for each year in which one fished."""
    random = np.random.default_rng(seed)
    fleet, year = np.repeat(np.arange(fleets), YEARS.size), np.tile(YEARS, fleets)
    # The first fleet of every fishing entity fishes each year: no query of the lab is empty.
    fished = (random.random(fleet.size) < SHARE_OF_YEARS) | (fleet < len(ENTITIES))
    fleet, year = fleet[fished], year[fished]
    words = _words_of_fleets(random, fleets)
    use = random.choice(np.array(list(USES)), size=fleet.size, p=(0.7, 0.1, 0.2))
    size = random.lognormal(3.0, 1.6, fleets)
    tonnes = size[fleet] * (0.4 + (year - 1950) / 50) * random.lognormal(0.0, 0.5, fleet.size)
    growth = 1.012 ** (year - 1950)
    use_factor = np.array([USES[name] for name in use])
    price = words["price"][fleet] * use_factor * growth * random.lognormal(0.0, 0.12, fleet.size)
    score = random.choice((0.5, 1.5, 2.5, 3.5, np.nan), size=fleet.size)
    discarded = use == "Discards"
    columns: dict[str, object] = {name: values[fleet] for name, values in words.items()}
    columns |= {
        "area_name": [area_name] * fleet.size,
        "area_type": [area_type] * fleet.size,
        "uncertainty_score": pa.array(score, from_pandas=True),
        "year": year,
        "catch_type": np.where(discarded, "Discards", "Landings"),
        "reporting_status": np.where(discarded, "Unreported", "Reported"),
        "end_use_type": use,
        "tonnes": np.round(tonnes, 6),
        "landed_value": np.round(tonnes * price, 4),
    }
    return pa.table(columns)


def _words_of_fleets(random: np.random.Generator, fleets: int) -> dict[str, np.ndarray]:
    """What tells the fleets apart, an entry for each; their price holds before use and year."""
    number = np.arange(fleets)
    # The first fleet of every entity catches mackerels, which the lab's views ask for.
    species = np.where(
        number < len(ENTITIES), MACKERELS, random.integers(len(SPECIES), size=fleets)
    )
    lines = [SPECIES[index] for index in species]
    gear = random.choice(np.array(list(GEARS)), size=fleets)
    sector = random.choice(np.array(list(SECTORS)), size=fleets, p=(0.7, 0.2, 0.1))
    return {
        "price": np.array(
            [
                line.price * GEARS[gear_name] * SECTORS[sector_name]
                for line, gear_name, sector_name in zip(lines, gear, sector, strict=True)
            ]
        ),
        "fishing_entity": np.array(ENTITIES)[number % len(ENTITIES)],
        "data_layer": np.array(DATA_LAYERS)[number % len(DATA_LAYERS)],
        "gear_type": gear,
        "fishing_sector": sector,
        "scientific_name": np.array([line.scientific_name for line in lines]),
        "common_name": np.array([line.common_name for line in lines]),
        "functional_group": np.array([line.functional_group for line in lines]),
        "commercial_group": np.array([line.commercial_group for line in lines]),
    }
