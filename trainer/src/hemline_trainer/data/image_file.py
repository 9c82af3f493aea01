"""Checks of an image file before it is decoded.

Truncated files are refused in every format, and so are files that cost decoders unbounded time or memory. The server
makes the same checks in Java; both are tested against model-store/fixtures/images/refused.
"""

import re
import struct
import zlib
from typing import Final

from hemline_trainer.errors import DataError

MAX_PIXELS: Final = 16_000_000
MAX_RATIO: Final = 100
MAX_SCANS: Final = 100

_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
# A marker: behind it no stuffed zero, filling, restart or TEM.
_MARKER: Final = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")
_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN = 0xD8, 0xD9, 0xDA
_KEPT_CHUNKS: Final = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"}
_MAX_PROFILE_BYTES: Final = 1 << 20
_RIFF_HEADER: Final = 12
_ANIMATED: Final = 1 << 1


def checked(data: bytes) -> bytes:
    """The bytes to decode: the file, of a PNG only the chunks that make up the picture."""
    if data.startswith(_JPEG):
        _walk_jpeg(data)
        return data
    if data.startswith(_PNG):
        return _walk_png(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        _walk_webp(data)
        return data
    raise DataError("image: not a JPEG, PNG or WebP file")


def require_size(width: int, height: int) -> None:
    """Refuses too many pixels, and a side that is much longer than the other."""
    if width * height > MAX_PIXELS:
        raise DataError(f"image of {width} x {height} pixels: at most {MAX_PIXELS} are read")
    if max(width, height) > MAX_RATIO * min(width, height):
        raise DataError(f"image of {width} x {height} pixels: one side may be at most {MAX_RATIO} times the other")


def _walk_jpeg(data: bytes) -> None:
    """Limits the scans: each decodes the whole picture again, and an empty one takes only ten bytes."""
    scans, at = 0, 0
    while found := _MARKER.search(data, at):
        at, marker = found.end(), data[found.end() - 1]
        if marker == _END_OF_IMAGE:
            return
        scans += marker == _START_OF_SCAN
        if scans > MAX_SCANS:
            raise DataError(f"image: a JPEG file of more than {MAX_SCANS} scans")
        if marker != _START_OF_IMAGE:
            at += max(2, int.from_bytes(data[at : at + 2], "big")) if at + 2 <= len(data) else 2
            if at > len(data):
                break
    raise _breaks_off("JPEG")


def _walk_png(data: bytes) -> bytes:
    """Keeps only the chunks of the picture: a few kilobytes of compressed text can inflate to gigabytes."""
    kept, profiled, at, kind = [_PNG], False, len(_PNG), b""
    while kind != b"IEND":
        (length,) = struct.unpack_from(">I", data, at) if at + 12 <= len(data) else (len(data),)
        end = at + 12 + length
        if end > len(data):
            raise _breaks_off("PNG")
        kind = data[at + 4 : at + 8]
        first_profile, profiled = kind == b"iCCP" and not profiled, profiled or kind == b"iCCP"
        if kind in _KEPT_CHUNKS or first_profile:
            if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
                name = kind.decode("ascii")
                raise DataError(f"image: a PNG file that was damaged: the checksum of {name} does not fit")
            if not first_profile or _inflates(data[at + 8 : end - 4]):
                kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _inflates(profile: bytes) -> bool:
    """Whether a profile is of a sane size: its name, a zero, a zero for the method, and the deflated bytes."""
    deflated = profile.partition(b"\0")[2][1:]
    inflater = zlib.decompressobj()
    try:
        inflater.decompress(deflated, _MAX_PROFILE_BYTES)
    except zlib.error:
        return False
    return inflater.eof


def _walk_webp(data: bytes) -> None:
    """Refuses a picture of another size than its canvas: decoders report the canvas but allocate the picture."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if not _RIFF_HEADER <= end <= len(data):
        raise _breaks_off("WebP")
    canvas = picture = None
    at = _RIFF_HEADER
    while at + 8 <= end:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise _breaks_off("WebP")
        chunk = data[at + 8 : at + 8 + length]
        if kind in {b"ANIM", b"ANMF"} or (kind == b"VP8X" and chunk[:1] and chunk[0] & _ANIMATED):
            raise DataError("image: an animated WebP file; only a picture that stands still is read")
        if kind == b"VP8X":
            canvas = _canvas(chunk)
        elif kind == b"VP8 ":
            picture = _lossy(chunk)
        elif kind == b"VP8L":
            picture = _lossless(chunk)
        at += 8 + length + length % 2
    if picture is None:
        raise _breaks_off("WebP")
    if canvas not in {None, picture}:
        raise DataError(f"image: a WebP file of {canvas} pixels (its canvas) whose picture has {picture}")


def _canvas(chunk: bytes) -> tuple[int, int]:
    _require_length(chunk, 10)
    return int.from_bytes(chunk[4:7], "little") + 1, int.from_bytes(chunk[7:10], "little") + 1


def _lossy(chunk: bytes) -> tuple[int, int]:
    _require_length(chunk, 10)
    width, height = struct.unpack_from("<HH", chunk, 6)
    return width & 0x3FFF, height & 0x3FFF


def _lossless(chunk: bytes) -> tuple[int, int]:
    _require_length(chunk, 5)
    bits = int.from_bytes(chunk[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _require_length(chunk: bytes, length: int) -> None:
    if len(chunk) < length:
        raise _breaks_off("WebP")


def _breaks_off(kind: str) -> DataError:
    return DataError(f"image: a {kind} file that breaks off")
