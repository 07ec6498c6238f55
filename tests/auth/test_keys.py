"""Keys cannot be guessed, are told apart by their beginning, and are kept as a hash."""

import hashlib

from eventanalytics.ports.access import KeyMaker
from eventanalytics_adapters.auth import RandomKeyMaker


def test_a_key_has_256_random_bits_after_its_mark() -> None:
    maker: KeyMaker = RandomKeyMaker()
    keys = {maker.make()[0] for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith("ea_") and len(key) == 3 + 43 for key in keys)


def test_the_prefix_is_the_keys_beginning_and_gives_little_away() -> None:
    key, prefix = RandomKeyMaker().make()
    assert key.startswith(prefix)
    assert len(prefix) == 10


def test_the_hash_is_sha_256() -> None:
    assert RandomKeyMaker().hash("ea_key") == hashlib.sha256(b"ea_key").digest()


def test_any_text_has_a_hash() -> None:
    assert len(RandomKeyMaker().hash("ea_\udcff\0ключ")) == 32
