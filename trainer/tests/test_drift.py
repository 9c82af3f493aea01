import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from drift_data import FIRST, WEEK, event, write_actuals, write_events
from kafka_broker import kafka_broker
from test_cli import say

from hemline_trainer.errors import TrainerError
from hemline_trainer.ops.actuals import read_actuals
from hemline_trainer.ops.drift import Figure, measure_drift
from hemline_trainer.ops.retraining import TOPIC, ask, message
from hemline_trainer.ops.served import read_served

SCHEMAS = Path(__file__).parents[2] / "model-store" / "schema"
OWN = Path(__file__).parents[1] / "src" / "hemline_trainer"
RIGHT, WRONG = [15.0] * 13, [10.0] * 13


@pytest.mark.parametrize("name", ["forecasts-served", "retrain-requested"])
def test_the_schemas_are_those_of_the_store(name: str) -> None:
    file = f"{name}.schema.json"

    assert (OWN / file).read_bytes() == (SCHEMAS / file).read_bytes()


def test_the_error_covers_forecasts_whose_weeks_are_all_known(tmp_path: Path) -> None:
    events = [
        event(1),  # 0.5 promised, 0.5 came
        event(2),  # 0.5 promised, 0.0 came
        event(3),
        event(4),
        event(5, trend_score=None),
        event(6, recent_volume=None),
        event(7),
    ]
    volumes: dict[str, Sequence[float | None]] = {
        "trend1": RIGHT,
        "trend2": WRONG,
        "trend3": RIGHT[:12],
        "trend4": [*RIGHT[:12], None],
        "trend5": RIGHT,
    }
    served = read_served([write_events(tmp_path / "served.jsonl", events)])
    actuals = read_actuals(write_actuals(tmp_path / "actual.csv", volumes))

    report = measure_drift(served, actuals, None, 0.15, 0.2)

    (figure,) = report.figures
    assert (figure.metric, figure.rows, figure.drifted) == ("mae_trend_score", 2, True)
    assert figure.value == pytest.approx(0.25)
    assert report.counts == {
        "read": 7,
        "written_twice": 0,
        "distinct": 7,
        "judged": 2,
        "without_score": 2,
        "unknown_trend": 1,
        "not_yet_come": 1,
        "not_observed": 1,
    }
    assert report.not_measured.keys() == {"psi.recent_volume", "psi.market", "psi.cold_start"}


def test_an_error_equal_to_the_threshold_is_no_drift(tmp_path: Path) -> None:
    served = read_served([write_events(tmp_path / "served.jsonl", [event(1)])])
    actuals = read_actuals(write_actuals(tmp_path / "actual.csv", {"trend1": WRONG}))

    assert not measure_drift(served, actuals, None, 0.5, 0.2).drifted
    assert measure_drift(served, actuals, None, 0.499, 0.2).drifted


def test_the_newer_half_of_the_weeks_is_compared_with_the_older_one_or_with_a_reference(tmp_path: Path) -> None:
    older = [event(number, recent_volume=1.0 + number % 40) for number in range(200)]
    newer = [
        event(
            200 + number, last_week=str(FIRST + WEEK), recent_volume=30.0 + number % 40, market=("vn", "us")[number % 2]
        )
        for number in range(200)
    ]
    served = read_served([write_events(tmp_path / "served.jsonl", [*newer, *older])])
    actuals = read_actuals(write_actuals(tmp_path / "actual.csv", {"trend9": [14.0] * 13}))  # 1.5 times 10, less a bit

    halves = measure_drift(served, actuals, None, 0.15, 0.2)
    itself = measure_drift(served, actuals, served, 0.15, 0.2)

    assert {each.metric for each in halves.drifted} == {"psi.recent_volume", "psi.market"}
    assert {each.metric for each in halves.figures} >= {"psi.cold_start", "mae_trend_score"}
    assert itself.drifted == []


def test_exit_codes_and_json_report_drift(tmp_path: Path) -> None:
    served = write_events(tmp_path / "served.jsonl", [event(1)])
    fine = write_actuals(tmp_path / "fine.csv", {"trend1": RIGHT})
    off = write_actuals(tmp_path / "off.csv", {"trend1": WRONG})

    held = say("drift", "--served", served, "--actual", fine)
    drifted = say("drift", "--served", served, "--actual", off, "--json")
    nothing = say("drift", "--served", served, "--actual", write_actuals(tmp_path / "n.csv", {"other": RIGHT}))
    lenient = say("drift", "--served", served, "--actual", off, "--max-mae", 0.6)

    assert (held[0], drifted[0], nothing[0], lenient[0]) == (0, 1, 3, 0)
    assert "ok  mae_trend_score  0.0000  0.15     1" in held[1]
    report = json.loads(drifted[1])
    assert (report["format"], report["drifted"]) == (1, True)
    assert report["figures"] == [
        {"metric": "mae_trend_score", "value": pytest.approx(0.5), "threshold": 0.15, "rows": 1, "drifted": True}
    ]
    assert (
        "nothing was compared: 1 read, 0 written twice, 1 distinct, 0 judged, 0 without score, 1 unknown" in nothing[1]
    )


def test_forecasts_of_unknown_trends_only_are_reported_as_not_compared(tmp_path: Path) -> None:
    events = [
        event(number, last_week=str(FIRST + number % 2 * WEEK), recent_volume=10.0 + 5 * (number % 2))
        for number in range(400)
    ]
    served = write_events(tmp_path / "served.jsonl", events)
    other = write_actuals(tmp_path / "other.csv", {"other": RIGHT})
    coming = write_actuals(tmp_path / "coming.csv", {"trend1": RIGHT[:5]})

    unknown = say("drift", "--served", served, "--actual", other, "--json", "--max-psi", 99)
    waiting = say("drift", "--served", served, "--actual", coming, "--max-psi", 99)
    shifted = say("drift", "--served", served, "--actual", other)

    assert (unknown[0], waiting[0], shifted[0]) == (3, 0, 1)
    report, _, error = unknown[1].partition("hemline-trainer: ")
    assert json.loads(report)["drifted"] is False
    assert error.startswith("nothing was compared: 400 read")
    assert "400 unknown trend" in error


@pytest.mark.parametrize("bound", ["nan", "inf", "-1"])
@pytest.mark.parametrize("option", ["--max-mae", "--max-psi"])
def test_an_infinite_threshold_is_a_usage_error(tmp_path: Path, option: str, bound: str) -> None:
    served = write_events(tmp_path / "served.jsonl", [event(1)])

    assert say("drift", "--served", served, "--actual", served, option, bound)[0] == 2


def test_a_score_that_overflows_is_refused_and_never_written(tmp_path: Path) -> None:
    served = write_events(tmp_path / "served.jsonl", [event(1, recent_volume=5e-324)])
    actual = write_actuals(tmp_path / "actual.csv", {"trend1": RIGHT})

    code, output = say("drift", "--served", served, "--actual", actual, "--json")

    assert (code, len(output.splitlines())) == (1, 1)
    assert "'trend1' in 'vn' after 2026-03-02: recent_volume is 4.94066e-324, too small" in output


def test_invalid_input_is_reported_in_one_line(tmp_path: Path) -> None:
    served = write_events(tmp_path / "served.jsonl", [event(1, trend_score="high")])
    actual = write_actuals(tmp_path / "actual.csv", {"trend1": RIGHT})

    code, output = say("drift", "--served", served, "--actual", actual)
    absent = say("drift", "--served", tmp_path / "absent", "--actual", actual)
    usage = say("drift", "--served", served, "--actual", actual, "--kafka-property", "acks")

    assert (code, len(output.splitlines())) == (1, 1)
    assert output.startswith(f"hemline-trainer: {served}, row 1, column trend_score: 'high'")
    assert (absent[0], "absent: cannot be read (No such file" in absent[1]) == (1, True)
    assert (usage[0], "'acks' is not KEY=VALUE" in usage[1]) == (2, True)


def test_a_message_names_the_figure_above_its_threshold() -> None:
    figure = Figure("psi.recent_volume", 0.31, 0.2, 400)

    assert json.loads(message(figure)) == {
        "reason": "the population shift (PSI) of recent_volume is 0.3100 over 400 forecasts, above 0.2",
        "metric": "psi.recent_volume",
        "value": 0.31,
        "threshold": 0.2,
    }
    with pytest.raises(TrainerError, match="does not match"):
        message(Figure("PSI of volume", 0.31, 0.2, 400))


def test_a_retraining_request_reaches_a_real_broker(tmp_path: Path) -> None:
    from confluent_kafka import Consumer, TopicPartition  # noqa: PLC0415 - only this test needs them
    from confluent_kafka.admin import AdminClient, NewTopic  # type: ignore[attr-defined]  # noqa: PLC0415

    served = write_events(tmp_path / "served.jsonl", [event(1)])
    actual = write_actuals(tmp_path / "actual.csv", {"trend1": WRONG})
    with kafka_broker(tmp_path / "kafka") as broker:
        words = ["drift", "--served", served, "--actual", actual, "--kafka", broker]
        absent = say(*words, "--kafka-property", "message.timeout.ms=1500")
        admin = AdminClient({"bootstrap.servers": broker})
        admin.create_topics([NewTopic(TOPIC, 1, 1)])[TOPIC].result(60)

        error = say(*words)

        reader = Consumer({"bootstrap.servers": broker, "group.id": "test", "enable.auto.commit": False})
        reader.assign([TopicPartition(TOPIC, 0, 0)])
        record = reader.poll(60)
        reader.close()

    assert absent[0] == 1
    assert f"{TOPIC} was not published to {broker}" in absent[1]
    assert (error[0], f"retrain-requested: 1 sent to {broker}" in error[1]) == (1, True)
    assert record is not None
    assert record.key() == b"mae_trend_score"
    assert record.value() == message(Figure("mae_trend_score", 0.5, 0.15, 1))


def test_unreachable_brokers_are_named() -> None:
    with pytest.raises(TrainerError, match=r"retrain-requested was not published to 127.0.0.1:1"):
        ask("127.0.0.1:1", [Figure("mae_trend_score", 0.5, 0.15, 1)], {}, timeout=1)
    with pytest.raises(TrainerError, match="No such configuration property"):
        ask("127.0.0.1:1", [], {"colour": "red"})
