"""Functions of binary values: hashes, encodings, numbers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
import zlib
from typing import Any

from aws_understudy.services.athena.errors import failing


def decoder(name: str) -> Any:
    """Make from_base64, from_base64url, from_base32 or from_hex."""
    decode = {
        "base64": lambda v: base64.b64decode(v + "=" * (-len(v) % 4), validate=True),
        "base64url": lambda v: base64.urlsafe_b64decode(v + "=" * (-len(v) % 4)),
        "base32": base64.b32decode,
        "hex": bytes.fromhex,
    }[name]

    def decoded(value: Any) -> bytes:
        text = value.decode() if isinstance(value, bytes) else value
        try:
            return decode(text)
        except (binascii.Error, ValueError) as error:
            message = f"Not a valid {name} text: {text}"
            raise failing("INVALID_FUNCTION_ARGUMENT", message) from error

    return decoded


def encoder(name: str) -> Any:
    """Make to_base64, to_base64url or to_base32."""
    encode = {
        "base64": base64.b64encode,
        "base64url": base64.urlsafe_b64encode,
        "base32": base64.b32encode,
    }[name]
    return lambda value: encode(value).decode()


def digest(name: str) -> Any:
    """Make md5, sha1, sha256 or sha512."""
    return lambda value: hashlib.new(name, value).digest()


def keyed(name: str) -> Any:
    """Make hmac_md5 and so on."""
    return lambda value, key: hmac.new(key, value, name).digest()


def crc32(value: bytes) -> int:
    """Give the checksum."""
    return zlib.crc32(value)


def packer(form: str) -> Any:
    """Make to_big_endian_32 and so on, by a format of ``struct``."""
    return lambda value: struct.pack(form, value)


def unpacker(form: str) -> Any:
    """Make from_big_endian_32 and so on."""

    def unpack(value: bytes) -> Any:
        if len(value) != struct.calcsize(form):
            message = f"expected {struct.calcsize(form)}-byte input, but got instead: {len(value)}"
            raise failing("INVALID_FUNCTION_ARGUMENT", message)
        return struct.unpack(form, value)[0]

    return unpack


def from_utf8(value: bytes, replacement: str = "\ufffd") -> str:
    """Decode; what is not UTF-8 becomes the replacement."""
    return value.decode("utf-8", errors="replace").replace("\ufffd", replacement)
