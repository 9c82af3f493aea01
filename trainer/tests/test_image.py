import gzip
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hemline_trainer.errors import DataError
from hemline_trainer.image import prepare

FIXTURES = Path(__file__).parents[2] / "model-store" / "fixtures" / "images"


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


def test_lays_what_is_transparent_on_white() -> None:
    glass = np.zeros((224, 224, 4), dtype=np.uint8)
    glass[:, :112, 3] = 255

    prepared = prepare(png(glass))

    assert (prepared[:, :112] == 0).all()
    assert (prepared[:, 112:] == 255).all()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0 broken"])
def test_refuses_what_is_no_image(data: bytes) -> None:
    with pytest.raises(DataError, match="image"):
        prepare(data)


def test_refuses_more_than_sixteen_megapixels_before_decoding() -> None:
    with pytest.raises(DataError, match="at most 16000000"):
        prepare(png(np.zeros((4001, 4000, 1), dtype=np.uint8)[..., 0]))


def png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()
