"""From an image file to what the encoder reads: uint8 (224, 224, 3).

In this order: EXIF turn, sRGB, alpha on white, shorter side to 224 by area averaging, centre crop.
The server does the same in Java; both are held to model-store/fixtures/images.
"""

import io
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from hemline_trainer.errors import DataError

SIDE: Final = 224
MAX_PIXELS: Final = 16_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP")


def prepare(data: bytes) -> npt.NDArray[np.uint8]:
    """Decodes a JPEG, PNG or WebP file and brings it to the encoder's form."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise DataError(f"image of {width} x {height} pixels: at most {MAX_PIXELS} are read")
            picture = _on_white(_in_srgb(ImageOps.exif_transpose(opened)))
    except UnidentifiedImageError as error:
        raise DataError("image: not a JPEG, PNG or WebP file") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DataError(f"image: cannot be decoded ({error})") from error
    return _cropped(_shrunk(np.asarray(picture, dtype=np.float32)))


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


def _shrunk(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Shorter side to 224, longer side in proportion, rounded half up: (h, w, 3) to (H, W, 3)."""
    height, width, _ = pixels.shape
    shorter = min(height, width)
    rows, columns = ((2 * SIDE * side + shorter) // (2 * shorter) for side in (height, width))
    down = np.einsum("Hh,hwc->Hwc", _areas(height, rows), pixels, optimize=True)
    return np.asarray(np.einsum("Ww,Hwc->HWc", _areas(width, columns), down, optimize=True), dtype=np.float32)


def _areas(source: int, target: int) -> npt.NDArray[np.float32]:
    """How much of each source pixel each target pixel covers, rows summing to 1: (target, source)."""
    edges = np.arange(target + 1) * (source / target)
    pixels = np.arange(source)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(covered, 0.0) * (target / source), dtype=np.float32)


def _cropped(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    height, width, _ = pixels.shape
    top, left = (height - SIDE) // 2, (width - SIDE) // 2
    square = pixels[top : top + SIDE, left : left + SIDE]
    return np.asarray(np.clip(np.floor(square + 0.5), 0, 255), dtype=np.uint8)
