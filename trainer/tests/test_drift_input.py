from datetime import date
from pathlib import Path

import pytest
from drift_data import event, write_events

from hemline_trainer.errors import DataError
from hemline_trainer.ops.actuals import read_actuals
from hemline_trainer.ops.served import read_served

HEADER = "hashtag,market,week,volume\n"
MIDDLE = "a,vn,2026-11-23,1\n"


def test_weeks_are_read_by_trend_and_what_was_not_observed_is_none(tmp_path: Path) -> None:
    path = tmp_path / "actual.csv"
    path.write_text(
        "\ufeffweek, hashtag ,market,volume,source\n"
        "2026-11-16,#WideLeg,vn,12.5,x\n2026-11-16,wideleg,us,1,x\n2026-11-23,wideleg,vn,,x\n\n"
        '2026-11-30,"wideleg",vn,1e2,x\n',
        encoding="utf-8",
    )

    assert read_actuals(path) == {
        ("wideleg", "vn"): {date(2026, 11, 16): 12.5, date(2026, 11, 23): None, date(2026, 11, 30): 100.0},
        ("wideleg", "us"): {date(2026, 11, 16): 1.0},
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEADER + f"{MIDDLE}b,vn,2026-11-23,1\n{MIDDLE}", "row 4, column week: 2026-11-23 of a in vn stands in row 2"),
        (HEADER + MIDDLE + "a,vn,2026-11-16,2\n", "row 3, column week: 2026-11-16 of a in vn comes after 2026-11-23"),
        (HEADER + MIDDLE + "a,vn,2026-12-07,2\n", "row 3, column week: 2026-11-30 of a in vn is missing before"),
        (HEADER + "a,vn,2026-11-17,1\n", "row 2, column week: 2026-11-17 is a Tuesday"),
        (HEADER + "a,vn,16.11.2026,1\n", "row 2, column week: '16.11.2026' is not a date"),
        (HEADER + "a,vn,2026-11-16,12;5\n", "row 2, column volume: '12;5' is not a number"),
        (HEADER + "a,vn,2026-11-16,-1\n", "row 2, column volume: '-1' is not a volume"),
        (HEADER + "a,vn,2026-11-16,nan\n", "row 2, column volume: 'nan' is not a number"),
        (HEADER + "a,vn,2026-11-16,1_000\n", "row 2, column volume: '1_000' is not a number"),
        (HEADER + "a,vn,2026-11-16,\uff11\n", "row 2, column volume: '\uff11' is not a number"),
        (HEADER + "a,vn,2026-11-16,0x10\n", "row 2, column volume: '0x10' is not a number"),
        (HEADER + "a,vn,2026-11-16,1e999\n", "row 2, column volume: '1e999' is beyond 1e+30"),
        (HEADER + "a,vn,9999-12-27,1\n", "row 2, column week: 9999-12-27 is not a week from 1900-01-01 to 2199-12-30"),
        (HEADER + "a,vn,0001-01-01,1\n", "row 2, column week: 0001-01-01 is not a week from 1900-01-01 to 2199-12-30"),

        (HEADER + "a,,2026-11-16,1\n", "row 2, column market: is empty"),
        (HEADER + " # ,vn,2026-11-16,1\n", "row 2, column hashtag: is empty"),
        (HEADER + "a,vn,2026-11-16\n", "row 2, column 4: has 3 cells, the header has 4"),
        (HEADER + 'a,vn,2026-11-16,"1\n', "row 2: is not CSV"),
        ("hashtag,market,week\na,vn,2026-11-16\n", "row 1, column volume: is missing"),
        ("hashtag,market,week,volume,week\n", "row 1, column week: stands there twice"),
        ("", "row 1, column hashtag: is missing; the header is empty"),
        (HEADER, "holds no week"),
    ],
)  # fmt: skip
def test_an_invalid_value_is_named_by_file_row_and_column(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "actual.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DataError) as refused:
        read_actuals(path)

    assert f"{path}" in str(refused.value)
    assert reason in str(refused.value)


def test_text_of_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "actual.csv"
    path.write_bytes(HEADER.encode() + "çç,vn,2026-11-16,1\n".encode("latin-1"))

    with pytest.raises(DataError, match="is not UTF-8 text"):
        read_actuals(path)


def test_lines_may_have_any_order_and_the_last_served_forecast_counts(tmp_path: Path) -> None:
    newer = event(1, id="s-9", served_at="2026-03-11T12:00:00Z", trend_score=0.7)
    later_week = event(2, id="s-8", last_week="2026-03-09")
    first = write_events(tmp_path / "a.jsonl", [later_week, newer])
    second = write_events(tmp_path / "b.jsonl", [event(1), event(1), newer])

    served = read_served([first, second])

    assert [(each.hashtag, each.trend_score) for each in served.forecasts] == [("trend1", 0.7), ("trend2", 0.5)]
    assert (served.read, served.duplicates) == (5, 2)


def test_versions_are_kept_apart_and_one_of_them_can_be_chosen(tmp_path: Path) -> None:
    canary = event(1, id="s-2", model={"name": "trend", "version": "8", "digest": "0b" * 32})
    path = write_events(tmp_path / "served.jsonl", [event(1), canary])

    assert [each.version for each in read_served([path]).forecasts] == ["7", "8"]
    assert [each.version for each in read_served([path], "8").forecasts] == ["8"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"trend_score": "high"}, "row 2, column trend_score: 'high' is not of type"),
        ({"model": {"name": "trend", "version": "v8", "digest": "0b" * 32}}, "row 2, column model.version: 'v8'"),
        ({"colour": 1}, "row 2, column (whole line): Additional properties"),
        ({"last_week": "2026-03-03"}, "row 2, column last_week: 2026-03-03 is a Tuesday"),
        ({"last_week": "March"}, "row 2, column last_week: 'March' is not a date like"),
        ({"last_week": "9999-12-27"}, "row 2, column last_week: 9999-12-27 is not a week from"),
        ({"served_at": "March"}, "row 2, column served_at: 'March' is not an ISO 8601 moment"),
        ({"recent_volume": 1e31}, "row 2, column recent_volume: 1e+31 is beyond 1e+30"),
        ({"served_at": "2026-03-10T12:00:00"}, "row 2, column served_at: '2026-03-10T12:00:00' names no time zone"),
        ({"id": "s-1", "trend_score": 0.9}, "row 2, column id: 's-1' stands in"),
        ({"recent_volume": float("nan")}, "is not JSON (NaN is no JSON number)"),
    ],
)
def test_an_invalid_event_is_named_by_file_row_and_column(
    tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    path = write_events(tmp_path / "served.jsonl", [event(1), event(2, **changes)])

    with pytest.raises(DataError) as refused:
        read_served([path])

    assert reason in str(refused.value)
    assert f"{path}, row 2" in str(refused.value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[" * 100_000, "row 1, column 65: is not JSON (nested deeper than 64)"),
        (b'{"a": "[[", "b": ' + b'{"c":' * 100_000, "row 1, column 333: is not JSON (nested deeper than 64)"),
        (b'{"id": 1e999}', "row 1, column 8: is not JSON (1e999 is larger than any number can be)"),
        (b'{"id": 1' + b"0" * 5000 + b"}", "row 1, column 8: is not JSON (1000"),
        (b'{"id": 1, "id": 2}', "row 1, column 2: is not JSON (the member 'id' stands there twice)"),
        (b'{"id": "\\ud800"}', "row 1, column 9: is not JSON (half a character"),
        (b'{"id": "\xc1\xb7"}', "row 1, column 9: is not UTF-8 text"),
        (b'{"id": \0}', "row 1, column 8: is not JSON"),
    ],
)  # fmt: skip
def test_a_line_that_only_python_would_take_is_named_by_row_and_column(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    path = tmp_path / "served.jsonl"
    path.write_bytes(line + b"\n")

    with pytest.raises(DataError) as refused:
        read_served([path])

    assert str(refused.value).startswith(f"{path}, {reason}")
    assert len(str(refused.value)) < 1000


def test_an_incomplete_line_is_named_by_row_and_column(tmp_path: Path) -> None:
    path = tmp_path / "served.jsonl"
    path.write_text('{"id": \n', encoding="utf-8")

    with pytest.raises(DataError, match=r"served.jsonl, row 1, column 1: is not JSON"):
        read_served([path])
