"""The words and sizes that training, graphs and manifest share.

The id of a word is its index + 1; id 0 means unknown.
"""

from typing import Final

HORIZON: Final = 13
"""Weeks ahead that are forecast (three months)."""

CONTEXT: Final = 208
"""Weeks of history that the forecaster sees (four years), left-padded."""

YEAR: Final = 52
"""Whole weeks of a year."""

ANNUAL: Final = 365.25 / 7
"""Weeks from a day of the year to the same day of the next: what comes every year comes a little later than `YEAR`."""

EMBEDDING: Final = 64
"""Length of an image embedding."""

VARIABLES: Final = ("volume", "influencer_share", "sentiment", "engagement")
"""Weekly variables, in the order of the last axis of ``history``."""

QUANTILES: Final = (0.1, 0.5, 0.9)
"""Levels of the last axis of the output ``quantiles``."""

MARKETS: Final = ("br", "cn", "eu", "jp", "us", "vn")
GENDERS: Final = ("female", "male")
CATEGORIES: Final = (
    "top",
    "pants",
    "shoes",
    "outerwear",
    "texture",
    "skirt",
    "shorts",
    "colortrend",
    "dress",
    "bag",
    "accessory",
)

VOCABULARIES: Final = {"market": MARKETS, "gender": GENDERS, "category": CATEGORIES}
"""Static attributes in the order of the last axis of ``static_ids``."""

DRIVERS: Final = (*VARIABLES, "season", *VOCABULARIES, "image")
"""Names of the columns of ``variable_weights``."""


def word_id(attribute: str, word: str | None) -> int:
    """Id of `word` in the vocabulary of `attribute`; 0 where it is unknown."""
    words = VOCABULARIES[attribute]
    return words.index(word) + 1 if word in words else 0
