import posixpath
import re
from itertools import product

import pytest

from hemline_trainer.ops.figure_keys import LONGEST, key_of, names_of

NAMES = ["HERMES-100 (13 weeks)", "HERMES-100 :2813 weeks:29", "a b", "a_b", "a(b", "a[b", "a/b", "..", ".", "", " a",
         "a ", "%", "#?&", "Bồn chồn", "服", "🧥", ":", "::", "a\nb", "b"]  # fmt: skip


@pytest.mark.parametrize("first", [*NAMES, "x" * 300])
def test_a_key_is_in_the_alphabet_and_round_trips(first: str) -> None:
    for second in NAMES:
        key = key_of("backtest/", first, second)

        assert re.fullmatch(r"[/\w.\- :]*", key)
        assert posixpath.normpath(key) == key
        assert len(first) > LONGEST or names_of(key, "backtest/") == (first, second)


def test_different_names_have_different_keys() -> None:
    pairs = [*product(NAMES, NAMES), ("x" * 300, "mase"), ("x" * 301, "mase"), ("x" * 300, "mape")]

    keys = {key_of("backtest/", *pair) for pair in pairs}

    assert len(keys) == len(pairs)
    assert max(map(len, keys)) <= LONGEST


def test_plain_names_stay_as_they_are() -> None:
    assert key_of("backtest/", "synthetic-cold-4w-with-image", "mase") == "backtest/synthetic-cold-4w-with-image/mase"
