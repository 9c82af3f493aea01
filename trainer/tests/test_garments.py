import numpy as np
import pytest

from hemline_trainer.contract import CATEGORIES
from hemline_trainer.data.synthetic.garments import Pose, Style, mask, render
from hemline_trainer.data.synthetic.silhouettes import silhouette

STILL = Pose(turn=0.0, size=0.9, shift=(0.0, 0.0), flipped=False)


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_is_drawn_and_a_wider_cut_covers_more(category: str) -> None:
    slim, wide = (float(mask(silhouette(category, cut), STILL).mean()) for cut in (0.0, 1.0))

    assert 0.02 < slim < wide < 0.9


def test_the_same_seed_draws_the_same_picture() -> None:
    first, second = (render("skirt", Style(0.2, 0.6, 0.9), np.random.default_rng(5)) for _ in range(2))

    assert first.dtype == np.uint8
    assert first.shape == (224, 224, 3)
    assert (first == second).all()


def test_colour_and_pattern_are_visible() -> None:
    pictures = [
        render("texture", style, np.random.default_rng(5)).astype(float)
        for style in (Style(1, 0.0, 0.0), Style(1, 0.4, 0.0), Style(1, 0.0, 0.9))
    ]
    red, green, dotted = (picture[60:160, 60:160] for picture in pictures)

    assert red[..., 0].mean() > red[..., 1].mean()
    assert green[..., 1].mean() > green[..., 0].mean()
    assert dotted[..., 0].std() > 2 * red[..., 0].std()
