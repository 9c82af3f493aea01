"""The single source of the sizes, vocabularies, tensors and tolerances that data, graphs and manifest share.

The id of a word is its index + 1; id 0 means unknown.
"""

from dataclasses import dataclass
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

IMAGE_SIDE: Final = 224
"""Pixels of either side of an image."""

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

IR_VERSION: Final = 10
OPSET: Final = 20
NEWEST_OPSET: Final = 22
"""The graphs are written in `IR_VERSION` and `OPSET`; a server loads neither a newer IR nor an opset above this one."""

BATCH_SIZES: Final = (1, 2, 4, 8, 16, 32)
"""Batch sizes that a server may run."""

ATOL: Final = 1e-4
RTOL: Final = 1e-3
"""Tolerance of golden answers: |a - b| <= ATOL + RTOL * |b|, b golden. An export must agree to a tenth of it."""


@dataclass(frozen=True)
class Tensor:
    """One input or output of a graph. Immutable.

    Attributes:
        name: in the graph.
        dtype: float32, int64, bool or uint8.
        sizes: of the axes after the batch.
        meaning: as the manifest states it.
        unit: of its values.
    """

    name: str
    dtype: str
    sizes: tuple[int, ...]
    meaning: str
    unit: str

    @property
    def shape(self) -> tuple[int | str, ...]:
        """All axes; "B" is the batch."""
        return ("B", *self.sizes)


@dataclass(frozen=True)
class Signature:
    """The tensors of a graph, in its order. Immutable."""

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    @property
    def tensors(self) -> dict[str, Tensor]:
        """Inputs, then outputs, by name."""
        return {tensor.name: tensor for tensor in (*self.inputs, *self.outputs)}


_BOOLEAN: Final = "true or false"


def forecaster_signature(
    context: int, horizon: int, embedding: int, variables: int, static: int, levels: int, drivers: int
) -> Signature:
    """The tensors of a forecaster of these sizes."""
    return Signature(
        inputs=(
            Tensor(
                "history",
                "float32",
                (context, variables),
                "weekly volume, influencer_share, sentiment, engagement; left-padded, 0 where not observed",
                "posts per 10,000 seen; 0..1; -1..1; interactions per post",
            ),
            Tensor("observed", "bool", (context, variables), "whether a value of history was observed", _BOOLEAN),
            Tensor(
                "last_week", "int64", (), "the Monday that begins the last week of history", "days since 1970-01-01"
            ),
            Tensor("static_ids", "int64", (static,), "market, gender, category", "vocabulary id, 0 = unknown"),
            Tensor(
                "image_embedding",
                "float32",
                (embedding,),
                "mean-pooled embedding of the trend's images, 0 without one",
                "as image_encoder gives it",
            ),
            Tensor("has_image", "bool", (), "whether image_embedding counts", _BOOLEAN),
        ),
        outputs=(
            Tensor(
                "quantiles",
                "float32",
                (horizon, levels),
                "forecast of volume for the coming weeks at the quantile levels",
                "as volume",
            ),
            Tensor("trend_class", "int64", (), "direction of the coming 13 weeks", "-1 falling, 0 stable, 1 rising"),
            Tensor("variable_weights", "float32", (drivers,), "share of each driver in the forecast", "sum 1"),
            Tensor("week_weights", "float32", (context,), "share of each week of history in the forecast", "sum 1"),
        ),
    )


def image_encoder_signature(embedding: int) -> Signature:
    """The tensors of an image encoder whose embeddings have this length."""
    picture = "sRGB photograph, EXIF-turned, alpha on white, shorter side 224, centre crop"
    return Signature(
        inputs=(Tensor("image", "uint8", (IMAGE_SIDE, IMAGE_SIDE, 3), picture, "0..255"),),
        outputs=(Tensor("embedding", "float32", (embedding,), "what the encoder says of the image", "none"),),
    )


FORECASTER: Final = forecaster_signature(
    CONTEXT, HORIZON, EMBEDDING, len(VARIABLES), len(VOCABULARIES), len(QUANTILES), len(DRIVERS)
)
IMAGE_ENCODER: Final = image_encoder_signature(EMBEDDING)

OUTPUTS: Final = tuple(tensor.name for tensor in FORECASTER.outputs)
"""Names of the forecaster's outputs, in the order of the graph."""


def word_id(attribute: str, word: str | None) -> int:
    """Id of `word` in the vocabulary of `attribute`; 0 where it is unknown."""
    words = VOCABULARIES[attribute]
    return words.index(word) + 1 if word in words else 0
