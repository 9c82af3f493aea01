"""The outline of each garment category as polygons.

Coordinates are x to the right and y down, both about -1..1, the garment in the middle; `cut` is 0 (slim) to 1 (wide).
A silhouette is a list of filled polygons and a list of polygons cut out of them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

Point = tuple[float, float]
Polygon = list[Point]


@dataclass(frozen=True)
class Silhouette:
    """Filled polygons, then polygons cut out of them. Immutable."""

    filled: list[Polygon]
    cut_out: list[Polygon] = field(default_factory=list)


def silhouette(category: str, cut: float) -> Silhouette:
    """Outlines a category word of the vocabulary at a cut."""
    return _OUTLINES[category](cut)


def _between(low: float, high: float, share: float) -> float:
    return low + (high - low) * share


def _mirrored(right: Polygon) -> Polygon:
    """Closes a right-hand outline, given from top to bottom, with its mirror image."""
    return right + [(-x, y) for x, y in reversed(right)]


def _ellipse(centre: Point, radius: Point, first: float = 0.0, last: float = 2 * math.pi) -> Polygon:
    steps = [first + (last - first) * step / 24 for step in range(25)]
    return [(centre[0] + radius[0] * math.cos(a), centre[1] + radius[1] * math.sin(a)) for a in steps]


def _sleeve(shoulder: float, length: float, width: float) -> Polygon:
    return [
        (shoulder - 0.08, -0.62),
        (shoulder + 0.10, -0.56),
        (shoulder + 0.32, -0.56 + length),
        (shoulder + 0.32 - width, -0.50 + length),
        (shoulder - 0.06, -0.15),
    ]


def _flipped(polygon: Polygon) -> Polygon:
    return [(-x, y) for x, y in polygon]


def _top(cut: float) -> Silhouette:
    half = _between(0.28, 0.58, cut)
    sleeve = _sleeve(half, 0.45, _between(0.14, 0.30, cut))
    body = _mirrored([(0.16, -0.66), (half, -0.60), (half, 0.55)])
    return Silhouette([body, sleeve, _flipped(sleeve)], [_ellipse((0, -0.68), (0.15, 0.10))])


def _outerwear(cut: float) -> Silhouette:
    half = _between(0.34, 0.62, cut)
    sleeve = _sleeve(half, 0.95, _between(0.16, 0.28, cut))
    body = _mirrored([(0.20, -0.74), (half, -0.62), (half * 1.1, 0.86)])
    front = [(-0.20, -0.76), (0.20, -0.76), (0.02, -0.10), (0.03, 0.88), (-0.03, 0.88), (-0.02, -0.10)]
    return Silhouette([body, sleeve, _flipped(sleeve)], [front])


def _legs(cut: float, hem: float, slim: float, wide: float) -> Silhouette:
    width = _between(slim, wide, cut)
    leg = [(0.0, -0.72), (0.34, -0.72), (0.38, -0.30), (0.22 + width, hem), (0.16, hem), (0.02, -0.20)]
    return Silhouette([leg, _flipped(leg)])


def _pants(cut: float) -> Silhouette:
    return _legs(cut, 0.90, 0.12, 0.52)


def _shorts(cut: float) -> Silhouette:
    return _legs(cut, 0.12, 0.18, 0.52)


def _skirt(cut: float) -> Silhouette:
    return Silhouette([_mirrored([(0.26, -0.60), (0.38, -0.20), (_between(0.28, 0.82, cut), 0.60)])])


def _dress(cut: float) -> Silhouette:
    hem = _between(0.26, 0.78, cut)
    body = _mirrored([(0.14, -0.88), (0.30, -0.84), (0.28, -0.50), (0.22, -0.22), (hem, 0.88)])
    return Silhouette([body], [_ellipse((0, -0.90), (0.13, 0.16))])


def _shoes(cut: float) -> Silhouette:
    sole = _between(0.06, 0.36, cut)
    upper = [(-0.80, -0.35), (-0.45, -0.38), (-0.10, -0.02), (0.55, 0.08), (0.80, 0.28), (-0.82, 0.28)]
    return Silhouette([upper, [(-0.84, 0.33), (0.84, 0.33), (0.80, 0.33 + sole), (-0.80, 0.33 + sole)]])


def _bag(cut: float) -> Silhouette:
    half = _between(0.34, 0.84, cut)
    handle = half * 0.55
    ring = _ellipse((0, -0.15), (handle, 0.55), math.pi, 2 * math.pi)
    hole = _ellipse((0, -0.15), (handle - 0.08, 0.46), math.pi, 2 * math.pi)
    return Silhouette([_mirrored([(half * 0.92, -0.15), (half, 0.60)]), ring], [hole])


def _accessory(cut: float) -> Silhouette:
    brim = _between(0.46, 0.94, cut)
    return Silhouette([_ellipse((0, 0.20), (brim, 0.16)), _ellipse((0, 0.14), (0.38, 0.60), math.pi, 2 * math.pi)])


def _texture(cut: float) -> Silhouette:
    half = _between(0.62, 1.0, cut)
    return Silhouette([[(-half, -0.95), (half, -0.95), (half, 0.95), (-half, 0.95)]])


def _colortrend(cut: float) -> Silhouette:
    half = _between(0.10, 0.29, cut)
    return Silhouette(
        [[(x - half, -0.75), (x + half, -0.75), (x + half, 0.75), (x - half, 0.75)] for x in (-0.62, 0.0, 0.62)]
    )


_OUTLINES: dict[str, Callable[[float], Silhouette]] = {
    "top": _top,
    "pants": _pants,
    "shoes": _shoes,
    "outerwear": _outerwear,
    "texture": _texture,
    "skirt": _skirt,
    "shorts": _shorts,
    "colortrend": _colortrend,
    "dress": _dress,
    "bag": _bag,
    "accessory": _accessory,
}
