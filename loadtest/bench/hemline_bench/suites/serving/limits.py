"""What the machine allows: the parts of an uncached answer, each alone."""

from dataclasses import dataclass
from pathlib import Path

from hemline_bench.children import Child, Children
from hemline_bench.places import ARTIFACT, ROOT
from hemline_bench.suites.serving.server import bare_command

BATCHES = (1, 2, 4, 8, 16, 32)
EMBEDDING = "64"


@dataclass(frozen=True)
class Parts:
    """CPU microseconds of one uncached answer, by what they are spent on."""

    row: float
    door: float
    json: float
    generator: float

    def per_second(self, cores: int) -> float:
        """The additive limit: all cores do nothing but these parts."""
        return cores * 1e6 / (self.row + self.door + self.json + self.generator)


def graph_arguments(*measure: str) -> list[str]:
    """How a bare program is told which graph to run, how it is measured, and in which batches."""
    return [str(ARTIFACT / "forecaster.onnx"), EMBEDDING, *measure, *map(str, BATCHES)]


def row_micros(children: Children, server: Child, seconds: float) -> dict[int, float]:
    """CPU microseconds of a row in bare ONNX Runtime, by batch size."""
    command = bare_command(server, "BareRuntime", *graph_arguments(str(seconds / 3), str(seconds)))
    said, _ = children.run("bare-runtime", command, 120, cwd=ROOT)
    return parse_rows(said)


def parse_rows(said: str) -> dict[int, float]:
    """Reads lines of batch size and microseconds."""
    pairs = (line.split() for line in said.splitlines())
    return {int(pair[0]): float(pair[1]) for pair in pairs if len(pair) == 2 and pair[0].isdigit()}


def json_micros(children: Children, server: Child, question: Path, answer: Path, seconds: float) -> float:
    """CPU microseconds of reading one question and writing one answer with jackson-core."""
    command = bare_command(server, "BareJson", str(question), str(answer), str(seconds), str(seconds))
    said, _ = children.run("bare-json", command, 60, cwd=ROOT)
    return float(said.split()[-1])
