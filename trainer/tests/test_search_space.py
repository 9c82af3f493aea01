import math
from pathlib import Path

import pytest

from hemline_trainer.config import Config, load_config
from hemline_trainer.errors import ConfigError
from hemline_trainer.ops.pruner import FEWEST, Evaluation, evaluation_interval, should_prune
from hemline_trainer.ops.search_space import Space, applied, params_of


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_bounds_come_from_the_tune_section_and_the_same_file_still_trains(tmp_path: Path) -> None:
    path = written(tmp_path, "seed = 3\n[tune]\ntrunk = [16, 24]\ndropout = [0, 0.1]\n")

    space = Space.read(path)

    assert (space.trunk, space.dropout, space.token) == ((16, 24), (0.0, 0.1), Space().token)
    assert load_config(path) == Config(seed=3)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("width = [3]", "unknown key tune.width"),
        ("trunk = 64", "tune.trunk is 64; it must be a list of whole numbers"),
        ("trunk = [64.5]", "tune.trunk is [64.5]; it must be a list of whole numbers"),
        ("trunk = []", "tune.trunk is empty"),
        ("dropout = [0.1]", "tune.dropout is [0.1]; it must be [lowest, highest]"),
        ("dropout = [0.3, 0.1]", "tune.dropout is [0.3, 0.1]; it must be [lowest, highest]"),
        ("learning_rate = [0, 0.1]", "tune.learning_rate"),
    ],
)
def test_invalid_bounds_are_refused_by_name(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Space.read(written(tmp_path, f"[tune]\n{line}\n"))

    assert reason in str(refused.value)


def test_sampled_values_replace_settings_and_the_others_stay() -> None:
    config = Config(seed=5)
    params = {**params_of(config), "trunk": 64, "dropout": 0.2, "market_share": 0.5}

    changed = applied(config, params)

    assert params_of(changed) == params
    assert applied(changed, params_of(config)) == config
    assert Space().holds(params)
    assert not Space().holds({**params, "trunk": 65})
    assert not Space().holds({**params, "dropout": 0.9})


def test_a_trial_above_the_median_of_those_that_cost_no_more_is_pruned() -> None:
    peers = [Evaluation(mase, 100.0) for mase in (0.6, 0.7, 0.8, 0.9)]

    assert should_prune(Evaluation(0.76, 100.0), peers)
    assert not should_prune(Evaluation(0.74, 100.0), peers)


def test_a_cheap_trial_is_not_pruned_for_being_worse_than_expensive_ones() -> None:
    dearer = [Evaluation(0.5, 200.0)] * 9

    assert not should_prune(Evaluation(0.9, 100.0), dearer)
    assert should_prune(Evaluation(0.9, 100.0), [*dearer, *[Evaluation(0.5, 104.0)] * FEWEST])


def test_no_trial_is_pruned_before_enough_evaluations_unless_it_is_not_finite() -> None:
    assert not should_prune(Evaluation(9.0, 100.0), [Evaluation(0.5, 100.0)] * (FEWEST - 1))
    assert should_prune(Evaluation(math.nan, 100.0), [])
    assert (evaluation_interval(5000), evaluation_interval(30), evaluation_interval(2)) == (1250, 7, 1)
