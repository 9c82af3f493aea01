"""The exceptions of the trainer.

TrainerError                 any failure that a user can act on; the command line prints it in one line, exit 1
├── ConfigError              a setting is missing, unknown or out of range
├── DataError                a data set, image, bank or snapshot cannot be used as it is
├── CheckpointError          a run folder holds no checkpoint that fits
├── DivergedError            a training step gave a loss or gradient that is no number
├── ExportError              a graph differs from PyTorch or from what the server loads
├── ArtifactRejected         an artifact folder breaks the format; the message is the reason
├── StoreError               the model store cannot be read or written
├── GateRefused              a candidate does not pass the evaluation gate; holds the table that says why
└── NotFittedError           a Forecaster was asked to forecast before it was fitted
"""


class TrainerError(Exception):
    """A failure that a user can act on; its message is one line."""


class ConfigError(TrainerError):
    """A setting is missing, unknown or out of range."""


class DataError(TrainerError):
    """A data set, image, bank or snapshot cannot be used as it is."""


class CheckpointError(TrainerError):
    """A run folder holds no checkpoint that fits."""


class DivergedError(TrainerError):
    """A training step gave a loss or gradient that is no number; the weights were not changed."""


class ExportError(TrainerError):
    """A graph differs from PyTorch or from what the server loads."""


class ArtifactRejected(TrainerError):  # noqa: N818 - the store's own word, the same in Java
    """An artifact folder breaks the format; the message is the reason."""


class StoreError(TrainerError):
    """The model store cannot be read or written."""


class GateRefused(TrainerError):  # noqa: N818 - an outcome, not a fault
    """A candidate does not pass the evaluation gate; `table` says why."""

    def __init__(self, table: str) -> None:
        super().__init__("the evaluation gate refuses the candidate")
        self.table = table


class NotFittedError(TrainerError):
    """A Forecaster was asked to forecast before it was fitted."""
