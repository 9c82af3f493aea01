"""A version with an image encoder of full size, made on the spot."""

from pathlib import Path

from hemline_bench import tools
from hemline_bench.children import Children
from hemline_bench.places import ROOT
from hemline_bench.progress import say


def make(children: Children) -> Path:
    """Has the trainer build it with random weights; a minute, and 3 GB of memory."""
    say("making a version with a ViT-B/16 of random weights")
    out = children.folder / "full-encoder"
    command = [tools.uv(), "run", "--project", "trainer", "--locked", "python", "trainer/tools/full_encoder.py"]
    said, _ = children.run("full-encoder", [*command, str(out)], 900, cwd=ROOT)
    say(said.strip().splitlines()[-1])
    return out
