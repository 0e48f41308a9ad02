"""The words of the synthetic catch data: species, gears, fishing entities. Prices are invented."""

from __future__ import annotations

from typing import NamedTuple


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
