"""The machine's limit for an uncached forecast, from the cost of its parts in isolation."""

from dataclasses import dataclass
from pathlib import Path

from hemline_bench.children import Child, Children
from hemline_bench.places import ARTIFACT, ROOT
from hemline_bench.suites.serving.instance import bare_command

BATCHES = (1, 2, 4, 8, 16, 32)
EMBEDDING = "64"


@dataclass(frozen=True)
class Parts:
    """CPU microseconds of one uncached forecast by part."""

    row: float
    echo: float
    json: float
    generator: float

    def per_second(self, cores: int) -> float:
        """The additive limit: all cores run these parts alone."""
        return cores * 1e6 / (self.row + self.echo + self.json + self.generator)


def graph_arguments(*measure: str) -> list[str]:
    """The arguments of a bare program: graph, embedding size, measurement, batch sizes."""
    return [str(ARTIFACT / "forecaster.onnx"), EMBEDDING, *measure, *map(str, BATCHES)]


def row_micros(children: Children, server: Child, seconds: float) -> dict[int, float]:
    """CPU microseconds of a row in bare ONNX Runtime, by batch size."""
    command = bare_command(server, "BareRuntime", *graph_arguments(str(seconds / 3), str(seconds)))
    output, _ = children.run("bare-runtime", command, 120, cwd=ROOT)
    return parse_rows(output)


def parse_rows(output: str) -> dict[int, float]:
    """Parses lines of a batch size and microseconds."""
    pairs = (line.split() for line in output.splitlines())
    return {int(pair[0]): float(pair[1]) for pair in pairs if len(pair) == 2 and pair[0].isdigit()}


def json_micros(children: Children, server: Child, request: Path, answer: Path, seconds: float) -> float:
    """CPU microseconds of parsing one request and writing one response with jackson-core."""
    command = bare_command(server, "BareJson", str(request), str(answer), str(seconds), str(seconds))
    output, _ = children.run("bare-json", command, 60, cwd=ROOT)
    return float(output.split()[-1])
