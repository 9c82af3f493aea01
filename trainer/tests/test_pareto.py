import json
from pathlib import Path

from hemline_trainer.config import load_config
from hemline_trainer.ops.pareto import CompletedTrial, as_json, best, draw, format_front, pareto_front, write_json
from hemline_trainer.ops.search_space import applied, params_of
from hemline_trainer.settings_file import as_toml
from hemline_trainer.training.encoder import EncoderTraining, load_encoder_training

CONFIGS = Path(__file__).parents[1] / "configs"
PARAMS = params_of(load_config(CONFIGS / "smoke.toml"))


def tried(number: int, mase: float, cost: float) -> CompletedTrial:
    return CompletedTrial(number, PARAMS, mase, cost)


CHEAP, MEDIUM, DEAR = tried(4, 0.9, 50.0), tried(2, 0.7, 90.0), tried(7, 0.6, 200.0)
BEATEN = tried(1, 0.8, 95.0)
STOPPED = CompletedTrial(3, PARAMS, None, 90.0, stopped_at=8)
ALL = [BEATEN, MEDIUM, STOPPED, CHEAP, DEAR]


def test_the_front_holds_the_non_dominated_trials_the_cheapest_first() -> None:
    assert pareto_front(ALL) == [CHEAP, MEDIUM, DEAR]
    assert pareto_front([tried(5, 0.7, 90.0), tried(6, 0.7, 90.0)]) == [tried(5, 0.7, 90.0)]
    assert pareto_front([STOPPED]) == []


def test_best_is_the_most_accurate_trial_within_the_cost() -> None:
    assert best(ALL, None) == DEAR
    assert best(ALL, 100.0) == MEDIUM
    assert best(ALL, 10.0) is None


def test_the_table_marks_the_best_and_counts_pruned_trials() -> None:
    lines = format_front(ALL, best(ALL, 100.0)).splitlines()

    assert [line.split()[0] for line in lines[1:4]] == ["4", "*", "7"]
    assert lines[-1] == "4 trials trained to the end, 1 stopped early, 3 on the front"


def test_json_holds_every_trial_and_the_plot_is_a_png(tmp_path: Path) -> None:
    write_json(tmp_path / "pareto.json", "spring", ALL, DEAR)
    draw(tmp_path / "pareto.png", "spring", ALL, DEAR)

    document = json.loads((tmp_path / "pareto.json").read_text(encoding="utf-8"))
    assert document == as_json("spring", ALL, DEAR)
    assert (document["front"], document["best"], len(document["trials"])) == ([4, 2, 7], 7, 5)
    assert document["trials"][2]["stopped_at"] == 8
    assert (tmp_path / "pareto.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_written_settings_are_read_back_equal(tmp_path: Path) -> None:
    config = applied(load_config(CONFIGS / "demo.toml"), {**PARAMS, "learning_rate": 1.2345678901e-05, "trunk": 48})
    encoder = EncoderTraining(weights='C:\\my "own".pth', size="full")
    file = tmp_path / "best.toml"

    file.write_text(as_toml(config, encoder, ["Trial 3."]), encoding="utf-8")

    assert load_config(file) == config
    assert load_encoder_training(file) == encoder
    assert file.read_text(encoding="utf-8").startswith("# Trial 3.\n")
