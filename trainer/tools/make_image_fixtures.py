"""Writes the image fixtures that bind both languages' image preprocessing.

uv run --project trainer python trainer/tools/make_image_fixtures.py model-store/fixtures/images
"""

import gzip
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from hemline_trainer.garments import Pose, mask
from hemline_trainer.image import prepare
from hemline_trainer.silhouettes import silhouette

README = """# Image fixtures

Drawn pictures (synthetic) and, beside each, what the preprocessing makes of it: `<name>.rgb.gz` is the gzipped raw
uint8 224 x 224 x 3, row by row, R G B. Rules: EXIF turn, sRGB, alpha on white, shorter side to 224 by exact area
averaging (a target pixel is the mean of the source area it covers, also when enlarging; the longer side is rounded half
up), values rounded half up, centre crop (offset rounded down). JPEG decoders differ by a few units: compare PNG to
+-1, JPEG and WebP by the cosine of their embeddings (>= 0.999).

| file | what it shows |
|---|---|
{rows}

Made by `uv run --project trainer python trainer/tools/make_image_fixtures.py model-store/fixtures/images`.
"""


def picture(category: str, colour: tuple[int, int, int], size: tuple[int, int]) -> Image.Image:
    """A plain garment, leaning a little, on a sloping wall, stretched to `size`."""
    cover = mask(silhouette(category, 0.7), Pose(turn=0.15, size=0.85, shift=(0.05, 0.0), flipped=False))[..., None]
    slope = np.linspace(200, 244, 224, dtype=np.float32)[:, None, None]
    pixels = cover * np.array(colour, dtype=np.float32) + (1 - cover) * np.broadcast_to(slope, (224, 224, 3))
    return Image.fromarray(pixels.astype(np.uint8)).resize(size, Image.Resampling.BILINEAR)


def turned(image: Image.Image, orientation: int) -> bytes:
    """A JPEG whose EXIF orientation says how to turn it."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, "JPEG", quality=85, exif=exif)


def jpeg(image: Image.Image) -> bytes:
    """A plain JPEG."""
    return encoded(image, "JPEG", quality=85)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow's own options
    """The file's bytes."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def see_through() -> Image.Image:
    """A garment that fades to nothing from left to right."""
    image = picture("top", (180, 40, 90), (260, 300)).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").rotate(90).resize((260, 300)))
    return image


def main(out: Path) -> None:
    """Writes every fixture and the README."""
    out.mkdir(parents=True, exist_ok=True)
    tiny = Image.fromarray((np.add.outer(np.arange(10) * 20, np.arange(30) * 2).reshape(10, 10, 3)).astype(np.uint8))
    palette = picture("skirt", (30, 120, 60), (224, 224)).quantize(16)
    dress, accessory = picture("dress", (20, 130, 140), (120, 700)), picture("accessory", (150, 110, 30), (801, 303))
    fixtures = {
        "plain.jpg": (jpeg(picture("dress", (200, 60, 40), (320, 400))), "a JPEG, 320 x 400"),
        "turned-6.jpg": (
            turned(picture("shoes", (40, 90, 190), (360, 270)), 6),
            "EXIF orientation 6, stored 360 x 270",
        ),
        "turned-5.jpg": (turned(picture("bag", (90, 40, 120), (240, 320)), 5), "EXIF orientation 5: turned, mirrored"),
        "grey.jpg": (jpeg(picture("pants", (60, 60, 60), (300, 300)).convert("L")), "one channel"),
        "alpha.png": (encoded(see_through(), "PNG", optimize=True), "alpha fading from left to right"),
        "palette.png": (encoded(palette, "PNG", optimize=True), "16 colours, already 224 x 224"),
        "tall.png": (encoded(dress, "PNG", optimize=True), "120 x 700: enlarged, then cut"),
        "wide.webp": (encoded(accessory, "WEBP", quality=80), "801 x 303, no whole ratio"),
        "tiny.png": (encoded(tiny, "PNG"), "10 x 10: enlarged 22.4 times"),
    }
    for name, (data, _) in fixtures.items():
        (out / name).write_bytes(data)
        raw = prepare(data).tobytes()
        (out / f"{Path(name).stem}.rgb.gz").write_bytes(gzip.compress(raw, 9, mtime=0))
    rows = "\n".join(f"| {name} | {meaning} |" for name, (_, meaning) in fixtures.items())
    (out / "README.md").write_text(README.format(rows=rows), encoding="utf-8")
    print(f"{out}: {len(fixtures)} images, {sum(path.stat().st_size for path in out.iterdir()):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
