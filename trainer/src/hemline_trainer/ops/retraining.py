"""Publishes retraining requests to Kafka."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import jsonschema

from hemline_trainer.errors import TrainerError
from hemline_trainer.ops.drift import Figure

TOPIC: Final = "retrain-requested"
TIMEOUT_SECONDS: Final = 20.0


def message(figure: Figure) -> bytes:
    """The event of one figure, validated against retrain-requested.schema.json."""
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
    bootstrap: str, figures: Sequence[Figure], properties: Mapping[str, str], timeout: float = TIMEOUT_SECONDS
) -> None:
    """Publishes one event per figure and waits for the acknowledgements.

    Args:
        bootstrap: bootstrap servers, host:port, separated by commas.
        figures: figures above their thresholds.
        properties: additional librdkafka properties, such as security.protocol.
        timeout: seconds.

    Raises:
        TrainerError: an event was not acknowledged.
    """
    # Imported on use: few commands need Kafka.
    from confluent_kafka import KafkaException, Producer  # noqa: PLC0415

    errors: list[str] = []
    settings = {
        "bootstrap.servers": bootstrap,
        "client.id": "hemline-trainer",
        "acks": "all",
        "enable.idempotence": True,
        "message.timeout.ms": round(1e3 * timeout),
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
                on_delivery=lambda error, _: errors.append(str(error)) if error is not None else None,
            )
        pending = producer.flush(timeout + 1)
    except (KafkaException, BufferError) as error:
        raise TrainerError(f"{TOPIC} cannot be published to {bootstrap}: {error}") from error
    if errors or pending:
        raise TrainerError(f"{TOPIC} was not published to {bootstrap}: {errors[0] if errors else 'no broker answered'}")


@cache
def _validator() -> Any:  # noqa: ANN401 - jsonschema makes its validator classes at run time
    text = files("hemline_trainer").joinpath("retrain-requested.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))
