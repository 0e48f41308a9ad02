"""Makes names that Glue and Athena take without quotes, of the headers that files have."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from scaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_RESERVED: Final = (
    "all alter and array as authorization between bigint binary boolean both by cashe case cast "
    "char column commit conf constraint create cross cube current current_catalog current_date "
    "current_path current_schema current_time current_timestamp current_user cursor database "
    "date dayofweek deallocate decimal delete describe distinct div double drop else end escape "
    "except exchange execute exists extended external extract false fetch first float floor "
    "following for foreign from full function grant group grouping having if import in inner "
    "insert int integer intersect interval into is join json_array json_exists json_object "
    "json_query json_table json_value last lateral left less like listagg local localtime "
    "localtimestamp macro map more natural none normalize not null numeric of on only or order "
    "out outer over partialscan partition percent preceding precision prepare preserve primary "
    "procedure range reads recursive reduce references regexp revoke right rlike rollback "
    "rollup row rows select set skip smallint start table tablesample then time timestamp to "
    "transform trigger trim true truncate uescape unbounded union uniquejoin unnest update user "
    "using utc_timestamp values varchar views when where window with "
)
RESERVED: Final = frozenset(_RESERVED.split())
"""What Athena wants in quotes, in its DDL or in SELECT:
https://docs.aws.amazon.com/athena/latest/ug/reserved-words.html"""
LONGEST_COLUMN: Final = 100
LONGEST_DATASET: Final = 40
DATASET: Final = re.compile(r"[a-z][a-z0-9_]*")


def check_name(name: str) -> None:
    """Refuse a name that a data set cannot bear.

    Raises:
        ScaffoldError: with a name that it can bear.
    """
    if not name.strip():
        raise ScaffoldError("NAME is missing; give the data set a name: make new NAME=houses …")
    usable = DATASET.fullmatch(name) and len(name) <= LONGEST_DATASET and name not in RESERVED
    if not usable:
        suggestion = _plain(name)[:LONGEST_DATASET].strip("_")
        if not DATASET.fullmatch(suggestion):
            suggestion = f"data_{suggestion}".strip("_")[:LONGEST_DATASET]
        if suggestion in RESERVED:
            suggestion = f"{suggestion}_data"
        raise ScaffoldError(
            f"NAME={name!r} cannot name a table: allowed are small letters, digits and _, a letter "
            f"first, {LONGEST_DATASET} at most, and no word that Athena reserves; use "
            f"NAME={suggestion}"
        )


def column_names(files: Sequence[Sequence[str]]) -> dict[str, str]:
    """The headers of all files, each to the name of its column.

    Args:
        files: The headers of each file. Two of one file never get one name; of two files they do
            where they differ in capitals only.
    """
    names: dict[str, str] = {}
    for header in dict.fromkeys(header for headers in files for header in headers):
        beside = {other for headers in files if header in headers for other in headers}
        taken = {
            name
            for other, name in names.items()
            if other in beside or other.strip().lower() != header.strip().lower()
        }
        names[header] = _free(_column_name(header, place=len(names) + 1), taken)
    return names


def reason(header: str, name: str, names: Mapping[str, str]) -> str:
    """Why a header became another name, or nothing where it is the same."""
    own = header.strip().lower()
    if own == name:
        return "" if header == name else "small letters and no spaces around it"
    plain = _plain(header)
    if plain in RESERVED and name.startswith(plain):
        return f"Athena reserves the word {plain!r}"
    if own in RESERVED:
        return f"Athena reserves the word {own!r}"
    if re.fullmatch(r"(.+)#\d+", header) and header.rpartition("#")[0] in names:
        return f"the file has {header.rpartition('#')[0]!r} more than once"
    if name != _column_name(header, place=0) and plain:
        return "another column has that name already"
    return "SQL takes letters from a to z, digits and _ without quotes"


def _free(name: str, taken: Collection[str]) -> str:
    """A name that is not taken: with the first number that makes it another."""
    number = 2
    candidate = name
    while candidate in taken:
        candidate = f"{name}_{number}"
        number += 1
    return candidate


def _column_name(header: str, *, place: int) -> str:
    name = _plain(header)[:LONGEST_COLUMN].strip("_")
    if not name:
        return f"column_{place}"
    if name[0].isdigit():
        return f"column_{name}"
    return f"{name}_column" if name in RESERVED else name


def _plain(text: str) -> str:
    """Small letters without accents, digits, and an underscore for anything between them."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    ascii_only = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
