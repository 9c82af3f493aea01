import contextlib
import gzip
import io
import json
import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hemline_trainer.data.image import prepare
from hemline_trainer.errors import DataError

FIXTURES = Path(__file__).parents[2] / "model-store" / "fixtures" / "images"
REFUSED = FIXTURES / "refused"


@pytest.mark.parametrize(
    "path",
    sorted(path for path in FIXTURES.iterdir() if path.suffix in {".jpg", ".png", ".webp"}),
    ids=lambda p: p.name,
)
def test_prepares_each_shared_fixture_as_it_was_agreed(path: Path) -> None:
    expected = np.frombuffer(gzip.decompress((path.parent / f"{path.stem}.rgb.gz").read_bytes()), dtype=np.uint8)

    prepared = prepare(path.read_bytes())

    assert prepared.shape == (224, 224, 3)
    difference = np.abs(prepared.astype(int) - expected.reshape(224, 224, 3))
    assert difference.max() <= (1 if path.suffix == ".png" else 8)


def test_averages_areas_exactly_and_keeps_the_middle() -> None:
    stripes = np.zeros((448, 896, 3), dtype=np.uint8)
    stripes[:, 1::2] = 200

    prepared = prepare(png(stripes))

    assert (prepared == 100).all()


def test_composes_transparent_pixels_on_white() -> None:
    glass = np.zeros((224, 224, 4), dtype=np.uint8)
    glass[:, :112, 3] = 255

    prepared = prepare(png(glass))

    assert (prepared[:, :112] == 0).all()
    assert (prepared[:, 112:] == 255).all()


@pytest.mark.parametrize(("name", "says"), json.loads((REFUSED / "cases.json").read_text(encoding="utf-8")).items())
def test_refuses_each_shared_fixture_with_the_agreed_words(name: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        prepare((REFUSED / name).read_bytes())


def test_reads_as_many_scans_as_it_says() -> None:
    data = (REFUSED / "scans-101.jpg").read_bytes()
    scan_and_end = len(b"\xff\xda") + 2 + 6 + 1 + len(b"\xff\xd9")

    prepared = prepare(data[:-scan_and_end] + b"\xff\xd9")

    assert prepared.shape == (224, 224, 3)


def test_takes_no_more_memory_for_a_longer_side() -> None:
    tracemalloc.start()
    prepare(png(np.zeros((40_000, 400, 3), dtype=np.uint8)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 200_000_000


def test_does_not_inflate_text_chunks() -> None:
    data = png(np.zeros((10, 10, 3), dtype=np.uint8))
    bomb = zlib.compress(bytes(1 << 26), 9)
    text = chunk(b"zTXt", b"comment\0\0" + bomb) * 40
    profile = chunk(b"iCCP", b"profile\0\0" + bomb) * 40

    prepared = prepare(data[:33] + profile + text + data[33:])

    assert (prepared == 0).all()


@pytest.mark.parametrize("name", ["turned-6.jpg", "alpha.png", "palette.png", "wide.webp"])
def test_a_damaged_file_ends_in_a_picture_or_in_one_clear_error(name: str) -> None:
    data = (FIXTURES / name).read_bytes()
    draw = np.random.default_rng(7)
    for _ in range(150):
        damaged = bytearray(data)
        for place in draw.integers(0, len(data), 3):
            damaged[place] = draw.integers(0, 256)
        with contextlib.suppress(DataError):
            prepare(bytes(damaged))


@pytest.mark.parametrize("exif", [b"", b"Exif\0\0", b"Exif\0\0MM\0*\0\0\0\x08" + b"\xff" * 20, bytes(70)])
def test_what_cannot_be_understood_as_exif_counts_as_upright(exif: bytes) -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((10, 10, 3), dtype=np.uint8)).save(buffer, "PNG")
    data = buffer.getvalue()

    prepared = prepare(data[:33] + chunk(b"eXIf", exif) + data[33:])

    assert (prepared == 0).all()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0 broken"])
def test_refuses_files_that_are_no_images(data: bytes) -> None:
    with pytest.raises(DataError, match="image"):
        prepare(data)


def test_refuses_more_than_sixteen_megapixels_before_decoding() -> None:
    with pytest.raises(DataError, match="at most 16000000"):
        prepare(png(np.zeros((4001, 4000, 1), dtype=np.uint8)[..., 0]))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
