"""Synthetic photographs of garments, 224 by 224, whose look carries three latent style numbers.

cut      0 slim to 1 wide: the outline
colour   0 to 1: the hue from red to magenta, and with it the saturation
pattern  0 plain to 1 dense: stripes, checks or dots
Pose, background, light and noise vary and mean nothing. Everything here is SYNTHETIC; no photograph went in.
"""

import colorsys
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from hemline_trainer.data.synthetic.silhouettes import Polygon, Silhouette, silhouette

SIDE = 224
_DRAWN = 2 * SIDE  # polygons are drawn at twice the size and halved, which smooths their edges
_HUE_SPAN = 0.83  # red to magenta: hue is a circle, and its ends must not meet
Floats = npt.NDArray[np.float32]

_GRID: Floats = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j].astype(np.float32)  # y and x of each pixel


@dataclass(frozen=True)
class Style:
    """Cut, colour and pattern, each in [0, 1]. Immutable."""

    cut: float
    colour: float
    pattern: float


@dataclass(frozen=True)
class Pose:
    """Where the garment stands in the picture. Immutable."""

    turn: float  # radians
    size: float  # share of half the side
    shift: tuple[float, float]  # share of half the side
    flipped: bool


def render(category: str, style: Style, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Renders one garment; `rng` draws pose, background, light, noise and the kind of pattern.

    Returns:
        uint8 (224, 224, 3), sRGB.
    """
    pose = Pose(
        turn=float(rng.normal(0.0, 0.08)),
        size=float(rng.uniform(0.80, 0.92)),
        shift=(float(rng.normal(0.0, 0.04)), float(rng.normal(0.0, 0.04))),
        flipped=bool(rng.random() < 0.5),  # noqa: PLR2004 - a fair coin
    )
    cover = mask(silhouette(category, style.cut), pose)[..., None]  # (224, 224, 1)
    picture = _background(rng) * (1 - cover) + _cloth(style, pose, rng) * cover
    noise = rng.standard_normal(picture.shape, dtype=np.float32) * np.float32(rng.uniform(0.005, 0.04))
    lit = picture * _light(rng) + noise
    return np.asarray(np.clip(lit * 255.0 + 0.5, 0, 255), dtype=np.uint8)


def mask(outline: Silhouette, pose: Pose) -> Floats:
    """How much of each pixel the garment covers, float32 (224, 224)."""
    drawn = Image.new("L", (_DRAWN, _DRAWN), 0)
    pen = ImageDraw.Draw(drawn)
    for polygon in outline.filled:
        pen.polygon(_placed(polygon, pose), fill=255)
    for polygon in outline.cut_out:
        pen.polygon(_placed(polygon, pose), fill=0)
    return np.asarray(drawn.reduce(2), dtype=np.float32) / 255.0


def _placed(polygon: Polygon, pose: Pose) -> Polygon:
    """Turns, scales and shifts a polygon into pixels of the drawn picture."""
    cos, sin = np.cos(pose.turn), np.sin(pose.turn)
    sign = -1.0 if pose.flipped else 1.0
    placed = []
    for x, y in polygon:
        turned = (sign * x * cos - y * sin, sign * x * sin + y * cos)
        placed.append(tuple((turned[i] * pose.size + pose.shift[i] + 1.0) * _DRAWN / 2 for i in range(2)))
    return [(float(x), float(y)) for x, y in placed]


def _cloth(style: Style, pose: Pose, rng: np.random.Generator) -> Floats:
    """The garment's surface over the whole picture, float32 (224, 224, 3)."""
    colour = _colour(style.colour * _HUE_SPAN, 0.45 + 0.5 * style.colour, rng.uniform(0.62, 0.88))
    if style.pattern < 0.04:  # noqa: PLR2004 - below this a pattern is too coarse to be seen
        return np.broadcast_to(colour, (SIDE, SIDE, 3)).astype(np.float32)
    y, x = _GRID
    cos, sin = np.cos(pose.turn), np.sin(pose.turn)
    across, along = x * cos + y * sin, y * cos - x * sin
    waves = np.float32(2 * np.pi * (1.5 + 10.5 * style.pattern))
    phase = rng.uniform(0, 2 * np.pi, 2).astype(np.float32)
    first, second = np.sin(waves * across + phase[0]), np.sin(waves * along + phase[1])
    stripes, dots, checks = first, np.maximum(first, second), 2 * first * second
    strength = (stripes, dots, checks)[int(rng.integers(3))]
    ink = np.clip(0.5 + 2.0 * strength, 0, 1)[..., None]  # (224, 224, 1)
    second_colour = colour * np.float32(rng.uniform(0.25, 0.5))
    return np.asarray(colour * (1 - ink) + second_colour * ink, dtype=np.float32)


def _background(rng: np.random.Generator) -> Floats:
    """A wall and a floor of dull colours with a few boxes, float32 (224, 224, 3)."""
    wall = _colour(rng.random(), rng.uniform(0.0, 0.25), rng.uniform(0.55, 1.0))
    picture = np.broadcast_to(wall, (SIDE, SIDE, 3)).copy()
    picture[int(rng.integers(150, SIDE)) :] *= np.float32(rng.uniform(0.7, 0.95))
    for _ in range(int(rng.integers(0, 4))):
        top, left = rng.integers(0, SIDE, 2)
        height, width = rng.integers(10, 70, 2)
        picture[top : top + height, left : left + width] = _colour(
            rng.random(), rng.uniform(0.0, 0.4), rng.uniform(0.3, 1.0)
        )
    return picture


def _light(rng: np.random.Generator) -> Floats:
    """A slope of brightness across the picture, float32 (224, 224, 1)."""
    slope = rng.uniform(-0.18, 0.18, 2)
    y, x = _GRID
    return np.asarray(rng.uniform(0.8, 1.1) + slope[0] * x + slope[1] * y, dtype=np.float32)[..., None]


def _colour(hue: float, saturation: float, value: float) -> Floats:
    return np.array(colorsys.hsv_to_rgb(hue, saturation, value), dtype=np.float32)
