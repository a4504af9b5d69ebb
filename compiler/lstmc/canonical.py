"""One form of bytes for data, and its digest."""

import hashlib
import json

SHOWN = 16  # hexadecimal digits of a digest, where people compare two


def canonical(data: object) -> bytes:
    """JSON in one form: sorted keys, no blanks, UTF-8, exact numbers."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(data: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
