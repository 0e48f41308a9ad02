"""Guesses what each column is for, and says where it is not sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scaffold.errors import ScaffoldError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.dataset import Role
    from scaffold.look import Found, Looked

FEW_NUMBERS: Final = 20
"""A whole number of so many values at most tells kinds apart, rather than measures."""
FEW_TEXTS: Final = 100
"""Text of so many values at most is a category."""
LONGEST_KEY: Final = 64
YEARS: Final = (1000, 3000)
FEWEST_TIMES: Final = 3
"""Training, validation and test each need a value of the time of their own."""
FEWEST_ROWS: Final = 100
"""A pipeline trains on no fewer."""


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What a column is for."""

    column: Found
    role: Role
    doubt: str = ""
    """What is not sure, and how to change it; nothing where it is clear."""


def guessed(look: Looked, *, target: str | None) -> list[Guess]:
    """A role for each column.

    Args:
        look: What is in the files.
        target: The column to predict, by its header or its name; None for none.

    Raises:
        ScaffoldError: the target is no column, or nothing can be learned of it.
    """
    chosen = None if target is None else target_of(look, target)
    others = [column for column in look.columns if column is not chosen]
    time = next((column for column in others if _is_time(column)), None)
    key = _key(look, [column for column in others if column is not time])
    guesses = [_guess(column, chosen=chosen, time=time, key=key) for column in look.columns]
    if chosen is not None:
        _refuse_without_features(chosen, guesses)
    return guesses


def target_of(look: Looked, target: str) -> Found:
    """The column that is to be predicted.

    Raises:
        ScaffoldError: no column is called so, or nothing can be learned of it.
    """
    for column in look.columns:
        if target in {column.header, column.name}:
            _refuse_unlearnable(look, column, target)
            return column
    names = ", ".join(column.name for column in look.columns)
    raise ScaffoldError(f"TARGET={target!r} is no column of the files; there are {names}")


def is_classified(column: Found) -> bool:
    """Whether a target is one of few kinds, rather than a number."""
    few = column.type == "whole" and column.figures.distinct <= FEW_NUMBERS
    return few or column.type in {"text", "boolean"}


def _refuse_unlearnable(look: Looked, column: Found, target: str) -> None:
    figures = column.figures
    reason = ""
    if column.type in {"date", "timestamp"}:
        reason = f"is a {column.type}, and a model predicts numbers or kinds"
    elif not figures.values:
        reason = "has no value in any row"
    elif figures.distinct == 1:
        reason = f"has one value only, {figures.example!r}"
    elif column.is_partition:
        reason = "is a folder, and so in no row of the files"
    elif column.trouble or column.is_list:
        reason = f"is kept as text: {column.trouble or 'it holds lists'}"
    elif column.type == "text" and figures.distinct == figures.values:
        reason = "has another text in every row, so there is nothing to learn"
    if reason:
        usable = [
            other.name
            for other in look.columns
            if other is not column
            and other.figures.distinct > 1
            and other.type in {"whole", "fraction", "boolean"}
        ]
        raise ScaffoldError(
            f"TARGET={target!r} {reason}; name another column, such as "
            f"{', '.join(usable[:20]) or 'one of more files'}"
        )


def _refuse_without_features(target: Found, guesses: Sequence[Guess]) -> None:
    features = [
        guess
        for guess in guesses
        if guess.role in {"number", "category"}
        or (guess.role == "time" and guess.column.type == "whole")
    ]
    if not features:
        raise ScaffoldError(
            f"TARGET={target.name!r}: no other column is a number or a category that it could be "
            "predicted from; add one to the files, or leave TARGET out"
        )


def _is_time(column: Found) -> bool:
    if column.trouble or column.figures.distinct < FEWEST_TIMES:
        return False
    if column.type in {"date", "timestamp"}:
        return True
    is_year = column.name == "year" or column.name.endswith("_year")
    if column.type != "whole" or not is_year:
        return False
    return bool(YEARS[0] <= column.figures.smallest and column.figures.largest <= YEARS[1])


def _key(look: Looked, columns: Sequence[Found]) -> Found | None:
    """The first column called id that has another value in every row, else the first such text."""
    unique = [
        column
        for column in columns
        if column.figures.distinct == look.rows > 1
        and column.type in {"whole", "text"}
        and column.figures.longest <= LONGEST_KEY
        and not column.is_partition
        and (not column.trouble or column.is_code)
    ]
    named = [column for column in unique if _is_named_id(column)]
    texts = [column for column in unique if column.type == "text"]
    return next(iter([*named, *texts]), None)


def _is_named_id(column: Found) -> bool:
    return column.name in {"id", "key", "uuid"} or column.name.endswith("_id")


def _guess(column: Found, *, chosen: Found | None, time: Found | None, key: Found | None) -> Guess:
    if column is chosen:
        return Guess(column=column, role="target", doubt=_doubt_of_target(column))
    if column is time:
        return Guess(
            column=column,
            role="time",
            doubt="taken as the time: the newest values are kept for the test; if they are no "
            f'order in time, role = "{_otherwise(column)}"',
        )
    if column is key:
        doubts = [f"text: {column.trouble}"] if column.trouble else []
        if not _is_named_id(column):
            doubts.append('taken as the key, as every row has another; or role = "text"')
        return Guess(column=column, role="key", doubt="; ".join(doubts))
    return _guess_of_values(column)


def _otherwise(column: Found) -> str:
    return "number" if column.type == "whole" else "ignored"


def _doubt_of_target(column: Found) -> str:
    doubts = []
    if column.type == "whole" and is_classified(column):
        doubts.append(
            f"a whole number with {column.figures.distinct} values: taken as kinds to tell apart; "
            'if it is an amount, task = "regression" under [prediction]'
        )
    if column.type == "text" and column.figures.distinct > FEW_TEXTS:
        doubts.append(
            f"{column.figures.distinct} kinds to tell apart are many; a model needs rows of each"
        )
    if column.figures.values < FEWEST_ROWS:
        doubts.append(
            f"{column.figures.values} rows have a value, and a pipeline trains on {FEWEST_ROWS} "
            "at least; add rows, or leave TARGET out"
        )
    return "; ".join(doubts)


def _guess_of_values(column: Found) -> Guess:
    figures = column.figures
    if figures.distinct <= 1:
        what = f"always {figures.example!r}" if figures.distinct else "always empty"
        return Guess(column=column, role="ignored", doubt=f"ignored, as it is {what}")
    if column.is_list:
        return Guess(column=column, role="ignored", doubt="ignored: lists, kept as JSON text")
    if column.type in {"date", "timestamp"}:
        return Guess(
            column=column,
            role="ignored",
            doubt='ignored, as it is not the time; if it is, role = "time", and not the other',
        )
    if column.type == "boolean":
        return Guess(column=column, role="category")
    if column.type == "text":
        return _guess_of_text(column)
    return _guess_of_number(column)


def _guess_of_text(column: Found) -> Guess:
    few = column.figures.distinct <= min(FEW_TEXTS, column.figures.values / 2)
    if column.trouble:
        role: Role = "category" if few and column.is_code else "ignored"
        return Guess(column=column, role=role, doubt=f"text: {column.trouble}")
    return Guess(column=column, role="category" if few else "text")


def _guess_of_number(column: Found) -> Guess:
    if column.type == "whole" and _is_named_id(column):
        return Guess(
            column=column,
            role="ignored",
            doubt='ignored, as an id measures nothing; if it does, role = "number"',
        )
    if column.type == "whole" and column.figures.distinct <= min(
        FEW_NUMBERS, column.figures.values / 2
    ):
        return Guess(
            column=column,
            role="category",
            doubt=f"a whole number with {column.figures.distinct} values: taken as kinds; if it "
            'is an amount, role = "number"',
        )
    return Guess(column=column, role="number")
