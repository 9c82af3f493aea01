import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from own_series import FIRST, csv_of
from test_training import CONFIG as TINY
from test_training import InterruptedAt
from typer.testing import CliRunner

from hemline_trainer.cli.app import app
from hemline_trainer.config import Data, config_from
from hemline_trainer.contract import CONTEXT, HORIZON
from hemline_trainer.data.own.shard_write import Written, write_shards
from hemline_trainer.data.own.shards import Shards
from hemline_trainer.errors import CheckpointError, DataError
from hemline_trainer.ops.tracking import Untracked
from hemline_trainer.progress import Silent
from hemline_trainer.training import checkpoint
from hemline_trainer.training.loop import train

SERIES = 50
WEEKS = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("own")
    write_shards([csv_of(place / "own.csv", SERIES, WEEKS)], place / "shards", size=16, keep_gaps=False)
    return place / "shards"


def sources(batch_future: np.ndarray) -> list[int]:
    """Which series each row comes from."""
    return [int(row[0] // 1000) for row in batch_future]


def test_a_batch_is_found_by_its_number_alone(folder: Path) -> None:
    through = Shards(folder, seed=3, buffer=20)
    batches = [through.batch(7, step) for step in range(20)]

    for step in (19, 0, 11):
        again = Shards(folder, seed=3, buffer=20).batch(7, step)
        assert np.array_equal(again.history, batches[step].history)
        assert np.array_equal(again.future, batches[step].future)


def test_every_series_comes_once_an_epoch_in_another_order_each_time(folder: Path) -> None:
    shards = Shards(folder, seed=3, buffer=20)

    epochs = [sources(np.concatenate([shards.batch(10, 5 * epoch + n).future for n in range(5)])) for epoch in (0, 1)]

    assert [sorted(epoch) for epoch in epochs] == [list(range(SERIES))] * 2
    assert epochs[0] != epochs[1]
    assert sources(Shards(folder, seed=4, buffer=20).batch(10, 0).future) != epochs[0][:10]


def test_a_row_is_a_history_and_the_weeks_that_followed_and_never_the_last_thirteen(folder: Path) -> None:
    batch = Shards(folder, seed=3, buffer=64).batch(200, 0)

    volume = np.where(batch.observed[..., 0], batch.history[..., 0], np.nan) % 1000
    assert np.allclose(np.floor(batch.future[:, 0] % 1000), np.floor(volume[:, -1]) + 1)
    assert (batch.future[:, -1] % 1000 < WEEKS - HORIZON).all()
    assert batch.history.shape == (200, CONTEXT, 4)
    assert not batch.observed[..., 1:].any()
    days = (batch.last_week - (FIRST.toordinal() - 719_163)) // 7
    assert np.array_equal(days, np.floor(volume[:, -1]).astype(int))
    assert set(batch.static_ids[:, 2]) == {3}
    assert set(batch.static_ids[:, 0]) == {3, 5}


def test_the_hold_out_is_the_last_thirteen_weeks(folder: Path) -> None:
    held = Shards(folder, seed=3, buffer=20).held_out(30)

    assert len(held) == 30
    assert (np.floor(held.future[:, 0] % 1000) == WEEKS - HORIZON).all()


HEAD = "trend,market,week,value\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trend,market,week\n", "row 1: there is no column value"),
        ("trend,market,week,value,colour\n", "row 1: column 'colour' is unknown"),
        (HEAD + "a,us,2026-11-16,abc\n", "row 2, column value: 'abc' is not a number"),
        (HEAD + "a,us,2026-11-16,inf\n", "row 2, column value: 'inf' is not a number"),
        (HEAD + "a,us,16.11.2026,1\n", "row 2, column week: '16.11.2026' is not a date"),
        (HEAD + "a,us,2026-11-17,1\n", "row 2, column week: 2026-11-17 is a Tuesday"),
        (HEAD + ",us,2026-11-16,1\n", "row 2, column trend: is empty"),
        (HEAD + "a,us,2026-11-16\n", "row 2: has 3 columns, the header has 4"),
        (HEAD + "a,us,2026-11-16,1\na,us,2026-11-16,2\n", "row 3, column week: 2026-11-16 of 'a' is there already"),
        (HEAD + "a,us,2026-11-16,1\na,us,2026-11-02,2\n", "row 3, column week: 2026-11-02 of 'a' comes after a later"),
        (
            HEAD + "a,us,2026-11-16,1\nb,us,2026-11-16,2\na,us,2026-11-23,1\n",
            "row 4, column trend: 'a' in 'us' had ended",
        ),
        (HEAD + "a,us,2026-11-16,1_000\n", "row 2, column value: '1_000' is not a number"),
        (HEAD + "a,us,2026-11-16,\u0661\n", "row 2, column value: '\u0661' is not a number"),
        (HEAD + "a,us,2026-11-16,1e31\n", "row 2, column value: '1e31' is beyond 1e+30"),
        (HEAD + "a,us,0001-01-01,1\n", "row 2, column week: 0001-01-01 is not a week from 1900-01-01 to 2199-12-30"),
        (HEAD + "a,us,9999-12-27,1\n", "row 2, column week: 9999-12-27 is not a week from"),
        (HEAD + "a,us,20261116,1\n", "row 2, column week: '20261116' is not a date"),
        (HEAD + "a,us,2026-W47-1,1\n", "row 2, column week: '2026-W47-1' is not a date"),
        (HEAD + "a,us,2026-11-02,1\na,us,2026-11-16,2\n", "row 3, column week: 1 weeks are missing before 2026-11-16"),
        (HEAD + "a,us,2026-11-02,1\na,us,2226-11-06,2\n", "is the year right"),
        (HEAD + "a,us,2026-11-16,1\n", "no series has 30 weeks"),
        (HEAD + 'a,us,"2026-11-16,1\n', "row 2: is not CSV (unexpected end of data)"),
        ("trend,market,week,value,category\na,us,2026-11-02,1,bag\na,us,2026-11-09,2,top\n", "row 3, column category"),
    ],
)
def test_faults_are_reported_with_file_row_and_column(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DataError) as fault:
        write_shards([path], tmp_path / "shards", size=8, keep_gaps=False)

    assert str(fault.value).startswith(f"{path}: ")
    assert message in str(fault.value)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.csv"]


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    whole = csv_of(tmp_path / "own.csv", 4, 40)
    spaced = tmp_path / "spaced.csv"
    spaced.write_text("\n" + whole.read_text(encoding="utf-8").replace("\n", "\n\n \n") + "\n\n", encoding="utf-8")

    written = [write_shards([path], tmp_path / path.stem, size=8, keep_gaps=False) for path in (whole, spaced)]

    assert written[0] == written[1] == Written(series=4, weeks=160, shards=1, short=0, unknown={})


def names(path: Path, trends: Sequence[str]) -> Path:
    """A file of series with these names, each in two markets."""
    csv_of(path, 2 * len(trends), 40)
    text = path.read_text(encoding="utf-8")
    for number, trend in enumerate(trends):
        text = text.replace(f"trend-{number:05}", trend)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_in_the_order_of_any_sort_is_taken(tmp_path: Path) -> None:
    path = names(tmp_path / "own.csv", ["wide", "wide leg", "Wide", "áo dài", "wide-leg"])
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, *sorted(lines)]) + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8").index("wide leg,") < path.read_text(encoding="utf-8").index("wide,")

    assert write_shards([path], tmp_path / "shards", size=8, keep_gaps=False).series == 10


@pytest.mark.parametrize("order", ["trend,market,week,value,category", "value,week,category,market,trend"])
def test_the_sort_command_of_the_message_works(tmp_path: Path, order: str) -> None:
    path = names(tmp_path / "my own.csv", ["wide", "wide leg", "wide-leg"])
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    places = [rows[0].index(name) for name in order.split(",")]
    lines = [",".join(row[place] for place in places) for row in rows[1:]]
    path.write_text("\n".join(["\ufeff" + order, *lines[::-2], *lines[::2][::-1]]) + "\n", encoding="utf-8")

    refused = CliRunner().invoke(app, ["dataset", "--csv", str(path), "--out", str(tmp_path / "out")])
    command = refused.output.strip().partition("sort the file: ")[2]
    shell = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    subprocess.run(["/bin/bash", "-c", command], cwd=tmp_path, check=True, env=shell)  # noqa: S603
    taken = write_shards([tmp_path / "sorted.csv"], tmp_path / "out", size=8, keep_gaps=False)

    assert (refused.exit_code, len(refused.output.splitlines()), taken.series) == (1, 1, 6)


def test_gaps_may_be_kept_as_weeks_that_were_not_observed(tmp_path: Path) -> None:
    lines = csv_of(tmp_path / "whole.csv", 4, 80).read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "gaps.csv").write_text("".join(lines[:5] + lines[7:]), encoding="utf-8")

    written = write_shards([tmp_path / "gaps.csv"], tmp_path / "shards", size=8, keep_gaps=True)

    assert written == Written(series=4, weeks=320, shards=1, short=0, unknown={})
    batch = Shards(tmp_path / "shards", seed=0, buffer=8).batch(64, 0)
    observed = batch.observed[..., 0]
    first = observed.argmax(1)
    missing = [(~row[start:]).sum() for row, start in zip(observed, first, strict=True)]
    assert {0, 2} == set(missing)


def test_the_command_tells_what_it_wrote_left_out_and_did_not_know(tmp_path: Path) -> None:
    path = csv_of(tmp_path / "own.csv", 3, 40)
    path.write_text(
        path.read_text(encoding="utf-8").replace("shoes", "hats") + "z,us,2026-11-16,1,\n", encoding="utf-8"
    )

    result = CliRunner().invoke(app, ["dataset", "--csv", str(path), "--out", str(tmp_path / "out")])

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        f"{tmp_path / 'out'}: 3 series of 120 weeks in 1 shards",
        "left out: 1 series with too few observed weeks to learn from",
        "not in the vocabulary, so it counts as unknown: category 'hats' (3 series)",
    ]


def test_a_folder_of_something_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()

    with pytest.raises(DataError, match="holds no shards; name another"):
        write_shards([csv_of(tmp_path / "own.csv", 2, 40)], tmp_path / "precious", size=8, keep_gaps=False)


def test_a_shard_that_is_cut_or_gone_is_named_before_training(tmp_path: Path) -> None:
    write_shards([csv_of(tmp_path / "own.csv", 20, 40)], tmp_path / "shards", size=8, keep_gaps=False)
    path = tmp_path / "shards" / "shard-00001.parquet"
    whole = path.read_bytes()

    path.write_bytes(whole[:-9])
    with pytest.raises(DataError, match=r"shard-00001\.parquet: is not there or not of"):
        Shards(tmp_path / "shards", 0, 8)
    path.write_bytes(b"x" * len(whole))
    with pytest.raises(DataError, match=r"shard-00001\.parquet: cannot be read as a shard"):
        Shards(tmp_path / "shards", 0, 20).batch(20, 0)
    with pytest.raises(DataError, match="holds no shards"):
        Shards(tmp_path / "nowhere", 0, 8)


STREAM = """
import resource, sys
from pathlib import Path
from hemline_trainer.data.own.shards import Shards
shards = Shards(Path(sys.argv[1]), seed=0, buffer=256)
shards.batch(64, 0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for step in range(len(shards) // 64):
    shards.batch(64, step)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_streaming_holds_a_few_blocks_and_not_the_series(tmp_path: Path) -> None:
    weeks, copies = 400, 14
    write_shards([csv_of(tmp_path / "own.csv", 1024, weeks)], tmp_path / "shards", size=1024, keep_gaps=False)
    folder = repeated(tmp_path / "shards", copies)
    held = 1024 * copies * weeks * 4 * 4 / 1024  # KiB of all four variables

    result = subprocess.run([sys.executable, "-c", STREAM, folder], capture_output=True, text=True, check=True)  # noqa: S603

    assert int(result.stdout) < held / 3


def repeated(folder: Path, copies: int) -> Path:
    """Names the one shard of a folder many times: as much to stream, less to write."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    index["shards"] *= copies
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


@pytest.mark.parametrize("share", [0.4, 1.0])
def test_training_mixes_own_series_with_synthetic_ones_and_resumes_to_the_very_weights(
    folder: Path, tmp_path: Path, share: float
) -> None:
    config = config_from(
        {
            "threads": 1,
            "net": {"trunk": 16, "token": 8},
            "training": {"steps": 6, "batch": 16, "warmup": 2, "report_every": 2},
            "calibration": {"rows": 32, "precision": 0.5},
            "data": {"shards": str(folder), "share": share, "buffer": 20, "mix": 0.5, "short": 0.5},
        },
        "test",
    )

    train(config, None, tmp_path / "whole", Silent(), Untracked(), resume=False)
    with pytest.raises(KeyboardInterrupt):
        train(config, None, tmp_path / "torn", InterruptedAt(4), Untracked(), resume=False)
    train(config, None, tmp_path / "torn", Silent(), Untracked(), resume=True)

    first, second = checkpoint.read(tmp_path / "whole"), checkpoint.read(tmp_path / "torn")
    assert all(torch.equal(first.weights[name], second.weights[name]) for name in first.weights)
    assert "validation_mase" in first.checkpoint.metrics
    assert [entry["step"] for entry in second.history] == [2, 4, 6]


def test_a_run_does_not_go_on_with_shards_that_were_replaced(tmp_path: Path) -> None:
    config = replace(TINY, data=Data(str(tmp_path / "shards"), share=0.5, buffer=8))
    source = csv_of(tmp_path / "own.csv", 20, 40)
    write_shards([source], tmp_path / "shards", size=8, keep_gaps=False)
    train(config, None, tmp_path / "run", Silent(), Untracked(), resume=False)
    write_shards([source], tmp_path / "shards", size=4, keep_gaps=False)

    with pytest.raises(CheckpointError, match="its shards were other ones"):
        train(config, None, tmp_path / "run", Silent(), Untracked(), resume=True)


def test_help_of_shard_teaches_with_an_example() -> None:
    result = CliRunner().invoke(app, ["dataset", "--help"])

    assert "Example: hemline-trainer dataset --csv sales.csv --out shards" in result.output
