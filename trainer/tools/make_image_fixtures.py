"""Writes the image fixtures that bind both languages' image preprocessing.

uv run --project trainer python trainer/tools/make_image_fixtures.py model-store/fixtures/images
"""

import gzip
import io
import json
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from hemline_trainer.data.image import prepare
from hemline_trainer.data.synthetic.garments import Pose, mask
from hemline_trainer.data.synthetic.silhouettes import silhouette

README = """# Image fixtures

Drawn pictures (synthetic) and, beside each, what the preprocessing makes of it: `<name>.rgb.gz` is the gzipped raw
uint8 224 x 224 x 3, row by row, R G B. Rules: EXIF turn, sRGB, alpha on white, shorter side to 224 by exact area
averaging (a target pixel is the mean of the source area it covers, also when enlarging; the longer side is rounded half
up), values rounded half up, centre crop (offset rounded down). JPEG decoders differ by a few units: compare PNG to
+-1, JPEG and WebP by the cosine of their embeddings (>= 0.999).

Refused in both languages, before a picture is decoded:

- more than 16,000,000 pixels, or a side more than 100 times as long as the other;
- a file that breaks off, whatever its format: a JPEG without its end marker, a PNG without its IEND, a WebP shorter
  than it says, a chunk or segment that goes beyond the end. What follows the end is not looked at;
- a JPEG of more than 100 scans; a PNG chunk of the picture whose checksum does not fit; an animated WebP (of an
  animated PNG its still picture is read), one whose picture is not as large as its canvas, and
  a lossless one with a transform twice.

Text, comments and what else does not change the picture is not read. A colour profile over 1 MiB, and EXIF that cannot
be understood, count as absent; of several profiles in a PNG the first counts. `refused/cases.json` names a file for
each of these, and what both messages say.

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


def many_scans(scans: int) -> bytes:
    """A grey progressive JPEG of 16 x 16 whose scans, but for the first, bring next to nothing."""
    blocks = 4
    marker = lambda code, data: struct.pack(">BBH", 0xFF, code, len(data) + 2) + data  # noqa: E731
    scan = lambda first, last: marker(0xDA, bytes([1, 1, 0, first, last, 0]))  # noqa: E731
    head = marker(0xDB, b"\0" + b"\x10" * 64) + marker(0xC2, struct.pack(">BHHB", 8, 16, 16, 1) + b"\1\x11\0")
    tables = marker(0xC4, b"\x00" + bytes([1] + [0] * 15) + b"\0")
    tables += marker(0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0")
    empty = bytes([0xFF >> blocks])  # a zero bit for each block, filled up with ones
    return b"\xff\xd8" + head + tables + scan(0, 0) + empty + (scan(1, 63) + empty) * (scans - 1) + b"\xff\xd9"


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a WebP file."""
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def on_canvas(webp: bytes, width: int, height: int) -> bytes:
    """The picture of a WebP file on a canvas of its own size."""
    sides = b"".join((side - 1).to_bytes(3, "little") for side in (width, height))
    body = b"WEBP" + chunk(b"VP8X", bytes(4) + sides) + webp[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def damaged(png: bytes) -> bytes:
    """A PNG one of whose pixels is another one, its zlib stream as good as before."""
    at = png.index(b"IDAT")
    (length,) = struct.unpack_from(">I", png, at - 4)
    rows = bytearray(zlib.decompress(png[at + 4 : at + 4 + length]))
    rows[5] ^= 1
    data = zlib.compress(bytes(rows), 0)
    return png[: at - 4] + struct.pack(">I", len(data)) + b"IDAT" + data + png[at + 4 + length :]


def transforms_twice(side: int) -> bytes:
    """A lossless WebP of one colour that says twice to subtract green, which decoders would do as often as told."""
    subtract_green, literal = "1" + "01", "1" + "0" + "1" + f"{7:08b}"[::-1]
    sides = 2 * f"{side - 1:014b}"[::-1]
    bits = f"{0x2F:08b}"[::-1] + sides + "0000" + 2 * subtract_green + "000" + 5 * literal
    data = int(bits[::-1], 2).to_bytes((len(bits) + 7) // 8, "little")
    body = b"WEBP" + chunk(b"VP8L", data)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def refused(whole: dict[str, bytes]) -> dict[str, tuple[bytes, str]]:
    """Files that both languages refuse, and what both messages say."""
    cases = {}
    for kind, name in (("jpg", "plain.jpg"), ("png", "tall.png"), ("webp", "wide.webp")):
        data = whole[name]
        cases[f"cut-12.{kind}"] = (data[:-12], "breaks off")
        cases[f"cut-third.{kind}"] = (data[: len(data) * 2 // 3], "breaks off")
    still = picture("top", (90, 90, 200), (40, 40))
    sides = {"long.png": (101, 1), "thin.png": (1, 101)}
    return cases | {
        "no-end.jpg": (whole["plain.jpg"][:-2], "breaks off"),
        "scans-101.jpg": (many_scans(101), "100 scans"),
        "damaged.png": (damaged(whole["tiny.png"]), "the checksum of IDAT"),
        "animated.webp": (encoded(still, "WEBP", save_all=True, append_images=[still.rotate(90)]), "animated WebP"),
        "transforms-twice.webp": (transforms_twice(40), "cannot be decoded"),
        "canvas.webp": (on_canvas(encoded(still, "WEBP"), 20, 20), "whose picture has"),
        **{name: (encoded(still.resize(size), "PNG"), "100 times") for name, size in sides.items()},
    }


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
        "lossless.webp": (
            encoded(picture("pants", (70, 60, 150), (230, 250)), "WEBP", lossless=True),
            "lossless: transforms before the picture",
        ),
        "sheer.webp": (encoded(see_through(), "WEBP", quality=80), "lossy colours, lossless alpha"),
        "tiny.png": (encoded(tiny, "PNG"), "10 x 10: enlarged 22.4 times"),
    }
    for name, (data, _) in fixtures.items():
        (out / name).write_bytes(data)
        raw = prepare(data).tobytes()
        (out / f"{Path(name).stem}.rgb.gz").write_bytes(gzip.compress(raw, 9, mtime=0))
    rows = "\n".join(f"| {name} | {meaning} |" for name, (_, meaning) in fixtures.items())
    (out / "README.md").write_text(README.format(rows=rows), encoding="utf-8")
    (out / "refused").mkdir(exist_ok=True)
    cases = refused({name: data for name, (data, _) in fixtures.items()})
    for name, (data, _) in cases.items():
        (out / "refused" / name).write_bytes(data)
    says = {name: message for name, (_, message) in sorted(cases.items())}
    (out / "refused" / "cases.json").write_text(json.dumps(says, indent=2) + "\n", encoding="utf-8")
    print(f"{out}: {len(fixtures)} images, {sum(path.stat().st_size for path in out.rglob('*')):,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
