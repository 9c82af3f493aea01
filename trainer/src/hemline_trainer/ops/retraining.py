"""Asks for a retraining by Kafka. The only file that knows it."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import jsonschema

from hemline_trainer.errors import TrainerError
from hemline_trainer.ops.drift import Figure

TOPIC: Final = "retrain-requested"
PATIENCE_SECONDS: Final = 20.0


def message(figure: Figure) -> bytes:
    """The event of one figure, held to retrain-requested.schema.json."""
    event = {
        "reason": figure.reason(),
        "metric": figure.metric,
        "value": figure.value,
        "threshold": figure.threshold,
    }
    error = jsonschema.exceptions.best_match(_validator().iter_errors(event))
    if error is not None:
        raise TrainerError(f"{TOPIC}: {error.message}")
    return json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def ask(
    bootstrap: str, figures: Sequence[Figure], properties: Mapping[str, str], patience: float = PATIENCE_SECONDS
) -> None:
    """Writes one event for each figure and returns when the brokers have them.

    Args:
        bootstrap: brokers to begin with, host:port, commas between.
        figures: those that left their bounds.
        properties: further ones of librdkafka, such as security.protocol.
        patience: seconds that the brokers have.

    Raises:
        TrainerError: an event did not arrive.
    """
    # Imported here: most commands tell nobody.
    from confluent_kafka import KafkaException, Producer  # noqa: PLC0415

    wrong: list[str] = []
    settings = {
        "bootstrap.servers": bootstrap,
        "client.id": "hemline-trainer",
        "acks": "all",
        "enable.idempotence": True,
        "message.timeout.ms": round(1e3 * patience),
        "log_level": 0,
        **properties,
    }
    try:
        producer = Producer(settings)
        for figure in figures:
            producer.produce(
                TOPIC,
                message(figure),
                key=figure.metric.encode(),
                on_delivery=lambda error, _: wrong.append(str(error)) if error is not None else None,
            )
        left = producer.flush(patience + 1)
    except (KafkaException, BufferError) as error:
        raise TrainerError(f"{TOPIC} cannot be told to {bootstrap}: {error}") from error
    if wrong or left:
        raise TrainerError(f"{TOPIC} was not told to {bootstrap}: {wrong[0] if wrong else 'no broker answered'}")


@cache
def _validator() -> Any:  # noqa: ANN401 - jsonschema makes its validator classes at run time
    text = files("hemline_trainer").joinpath("retrain-requested.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))
