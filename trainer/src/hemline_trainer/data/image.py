"""Prepares an image file for the encoder: uint8 (224, 224, 3).

In this order: EXIF orientation, sRGB, alpha on white, shorter side to 224 by area averaging, centre crop.
The server does the same in Java; both are tested against model-store/fixtures/images.
"""

import io
import struct
import warnings
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from hemline_trainer.data.image_file import checked, require_size
from hemline_trainer.errors import DataError

SIDE: Final = 224
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# Exceptions that Pillow raises on damaged files.
_DAMAGED: Final = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError, struct.error)
FORMATS: Final = ("JPEG", "PNG", "WEBP")


def prepare(data: bytes) -> npt.NDArray[np.uint8]:
    """Decodes a JPEG, PNG or WebP file and brings it to the encoder's form."""
    try:
        whole = io.BytesIO(checked(data))
        with warnings.catch_warnings(action="ignore"), Image.open(whole, formats=FORMATS) as opened:
            require_size(*opened.size)
            picture = _on_white(_in_srgb(_upright(opened)))
    except Image.DecompressionBombError as error:
        raise DataError(f"image: {error}") from error
    except _DAMAGED as error:
        raise DataError(f"image: cannot be decoded ({error})") from error
    return _square(np.asarray(picture))


def _upright(picture: Image.Image) -> Image.Image:
    """Applies the EXIF orientation; an unreadable one counts as upright."""
    exif = Image.Exif()
    try:
        exif.load(picture.info.get("exif") or b"")
        turn = _TURNS.get(exif.get(_ORIENTATION, 1))
    except _DAMAGED:
        turn = None
    return picture if turn is None else picture.transpose(turn)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Applies an embedded colour profile; without one the numbers are taken as sRGB."""
    alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    profile = picture.info.get("icc_profile")
    plain = picture.convert("RGBA" if alpha else "RGB") if picture.mode != "CMYK" or not profile else picture
    if not profile:
        return plain
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode=_plain_mode(plain))
    except (ImageCms.PyCMSError, OSError):
        return plain.convert(_plain_mode(plain))  # a profile of another colour model, or a broken one: as if without
    return turned or plain


def _plain_mode(picture: Image.Image) -> str:
    return "RGBA" if picture.mode == "RGBA" else "RGB"


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, picture).convert("RGB")


def _square(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Shorter side to 224, longer side in proportion, rounded half up, of which the centre is computed alone."""
    height, width, _ = pixels.shape
    shorter = min(height, width)
    rows, first_row = _areas(height, shorter)  # (224, h)
    columns, first_column = _areas(width, shorter)  # (224, w)
    seen = pixels[first_row : first_row + rows.shape[1], first_column : first_column + columns.shape[1]]
    down = np.einsum("Hh,hwc->Hwc", rows, seen.astype(np.float32), optimize=True)
    square = np.einsum("Ww,Hwc->HWc", columns, down, optimize=True)
    return np.asarray(np.clip(np.floor(square + 0.5), 0, 255), dtype=np.uint8)


def _areas(source: int, shorter: int) -> tuple[npt.NDArray[np.float32], int]:
    """How much of each source pixel the 224 middle pixels cover, rows summing to 1, and the first source pixel."""
    target = (2 * SIDE * source + shorter) // (2 * shorter)
    offset = (target - SIDE) // 2
    edges = (offset + np.arange(SIDE + 1)) * (source / target)
    first, end = int(edges[0]), min(source, int(np.ceil(edges[-1])))
    pixels = np.arange(first, end)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(covered, 0.0) * (target / source), dtype=np.float32), first
