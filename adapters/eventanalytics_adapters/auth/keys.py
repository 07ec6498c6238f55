"""Keys for programs."""

import hashlib
import secrets

KEY_MARK = "ea_"
"""Every key begins with this, so that a key is recognised wherever it turns up."""

_RANDOM_BYTES = 32
_PREFIX_LENGTH = 10


class RandomKeyMaker:
    """Makes keys of 256 random bits.

    A key that nobody can guess needs no slow hash: SHA-256 keeps it as safe, and is quick enough
    to be looked up with every request.
    """

    def make(self) -> tuple[str, str]:
        key = KEY_MARK + secrets.token_urlsafe(_RANDOM_BYTES)
        return key, key[:_PREFIX_LENGTH]

    def hash(self, key: str) -> bytes:
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
