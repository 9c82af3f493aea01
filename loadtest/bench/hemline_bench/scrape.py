"""Reads the server's metrics."""

from prometheus_client.parser import text_string_to_metric_families

from hemline_bench import http_request


def metric(text: str, name: str, **labels: str) -> float:
    """The sum of the samples with this name and at least these labels; fails without a sample of this name."""
    samples = [
        sample for family in text_string_to_metric_families(text) for sample in family.samples if sample.name == name
    ]
    if not samples:
        raise ValueError(f"/metrics has no {name}")
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def fetch(admin: str) -> str:
    """The text of a scrape at an admin listener."""
    return http_request.get(f"{admin}/metrics").decode()
