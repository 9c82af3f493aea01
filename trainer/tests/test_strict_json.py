import json
from math import inf, nan

import pytest

from hemline_trainer.errors import DataError
from hemline_trainer.files.strict_json import DEEPEST, dumps, loads


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_non_finite_numbers_are_refused_by_member(value: float) -> None:
    with pytest.raises(DataError, match=r"manifest.json: backtest/0/metrics/mase is -?(nan|inf)"):
        dumps({"backtest": [{"metrics": {"coverage": 0.8, "mase": value}}]}, "manifest.json")


def test_what_any_reader_takes_is_read_as_json_reads_it() -> None:
    text = json.dumps({"a": [1, 2.5, -1e300, None, True, "Áo \ud83e\udde5 [[["], "b": {"a": 10**300}})

    assert loads(text) == json.loads(text)
    assert loads("[" * DEEPEST + "]" * DEEPEST) == json.loads("[" * DEEPEST + "]" * DEEPEST)


@pytest.mark.parametrize(
    ("text", "reason", "column"),
    [
        ('{"a": NaN}', "NaN is no JSON number", 7),
        ('{"a": -Infinity}', "-Infinity is no JSON number", 7),
        ('{"a": 1e400}', "1e400 is larger", 7),
        ('{"a": 1, "b": {"a": 1, "a": 1}}', "the member 'a' stands there twice", 2),
        ("[" * (DEEPEST + 1), "nested deeper than 64", 65),
        ('["\\udc00"]', "half a character", 3),
        ("", "Expecting value", 1),
    ],
)
def test_what_only_python_takes_is_refused_by_its_place(text: str, reason: str, column: int) -> None:
    with pytest.raises(json.JSONDecodeError, match=reason) as refused:
        loads(text)

    assert refused.value.colno == column
