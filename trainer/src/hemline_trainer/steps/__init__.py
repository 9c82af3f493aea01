"""The steps of the pipeline, one module each, in the order of `STEPS`."""

from typing import Final

STEPS: Final = ("dataset", "train", "export", "evaluate", "package", "gate", "publish")
