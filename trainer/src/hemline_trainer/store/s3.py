"""S3 objects below a prefix, by relative path.

Credentials, region and endpoint come from the usual AWS configuration: AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_REGION,
AWS_ENDPOINT_URL_S3 and so on.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from hemline_trainer.errors import StoreError

_URL = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")
_CONFLICTS = {409, 412}
_LARGEST = 5 * 1024**3


@dataclass(frozen=True)
class Content:
    """Content of an object and its ETag. Immutable."""

    data: bytes
    tag: str


class S3Objects:
    """The objects of a bucket below a prefix. Thread-safe: boto3 clients are."""

    def __init__(self, bucket: str, prefix: str, client: Any) -> None:  # noqa: ANN401 - boto3 makes its classes at run time
        """Wraps a boto3 client; `prefix` is empty or ends with a slash."""
        self._bucket = bucket
        self._prefix = prefix
        self._client = client

    @classmethod
    def open(cls, url: str) -> Self:
        """The objects below s3://bucket/prefix; sends no request."""
        match = _URL.fullmatch(url)
        if match is None:
            raise StoreError(f"store {url!r} is not of the form s3://bucket or s3://bucket/prefix")
        import boto3  # noqa: PLC0415 - only stores on S3 need it
        from botocore.config import Config  # noqa: PLC0415
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415

        settings = Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        try:
            client = boto3.session.Session().client("s3", config=settings)
        except (BotoCoreError, ValueError) as error:
            raise StoreError(f"S3 cannot be used as it is set up: {error}") from error
        path = (match[2] or "").strip("/")
        return cls(match[1], f"{path}/" if path else "", client)

    def read(self, path: str) -> Content | None:
        """The object at a path, or None."""
        with self._translated_errors(path):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + path)
            except self._client.exceptions.NoSuchKey:
                return None
            return Content(answer["Body"].read(), answer["ETag"])

    def names(self, folder: str) -> list[str]:
        """Names of the objects below a folder, relative to it."""
        start = self._prefix + folder
        with self._translated_errors(folder):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start)
            return [entry["Key"][len(start) :] for page in pages for entry in page.get("Contents", [])]

    def create(self, path: str, content: bytes | Path) -> bool:
        """Writes an object unless one exists; returns whether it was written."""
        return self._put(path, content, {"IfNoneMatch": "*"})

    def replace(self, path: str, content: bytes, tag: str) -> bool:
        """Replaces an object if its ETag is unchanged; returns whether it was written."""
        return self._put(path, content, {"IfMatch": tag})

    def _put(self, path: str, content: bytes | Path, condition: dict[str, str]) -> bool:
        from botocore.exceptions import ClientError  # noqa: PLC0415

        target = {"Bucket": self._bucket, "Key": self._prefix + path} | condition
        with self._translated_errors(path):
            try:
                if isinstance(content, bytes):
                    self._client.put_object(Body=content, **target)
                    return True
                if content.stat().st_size > _LARGEST:
                    raise StoreError(f"{content} has {content.stat().st_size} bytes, S3 takes {_LARGEST} at once")
                with content.open("rb") as file:
                    self._client.put_object(Body=file, **target)
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] in _CONFLICTS:
                    return False
                raise
        return True

    @contextmanager
    def _translated_errors(self, path: str) -> Iterator[None]:
        """Translates errors of S3 and boto3 into one sentence without secrets."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError  # noqa: PLC0415

        place = f"{self}/{path}"
        try:
            yield
        except NoCredentialsError as error:
            raise StoreError(
                f"no credentials for {self}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
            ) from error
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            if code == "NoSuchBucket":
                raise StoreError(f"there is no bucket {self._bucket}; check the store's URL") from error
            if status == 403:  # noqa: PLR2004 - forbidden
                raise StoreError(
                    f"S3 refuses access to {place} ({status} {code}); check the credentials,"
                    " by AWS_ACCESS_KEY_ID or a profile, and what they may do there"
                ) from error
            raise StoreError(f"S3 refuses {place}: {status} {code}") from error
        except BotoCoreError as error:
            raise StoreError(f"S3 cannot be reached for {self}: {error}") from error

    def __str__(self) -> str:
        """The URL of the objects."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")
