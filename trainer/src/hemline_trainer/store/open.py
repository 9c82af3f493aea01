"""A store by its address."""

from pathlib import Path

from hemline_trainer.store.folder import ModelStore
from hemline_trainer.store.s3 import S3Objects
from hemline_trainer.store.s3_store import S3ModelStore

Store = ModelStore | S3ModelStore


def open_store(url: str, model: str) -> Store:
    """The store of a model in a folder, or below s3://bucket/prefix."""
    if url.startswith("s3://"):
        return S3ModelStore(S3Objects.open(url), model)
    return ModelStore(Path(url), model)
