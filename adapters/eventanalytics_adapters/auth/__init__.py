"""Proofs of identity: passwords (argon2id), keys (SHA-256 of random bits), access tokens (JWT)."""

from eventanalytics_adapters.auth.keys import RandomKeyMaker
from eventanalytics_adapters.auth.passwords import Argon2PasswordHasher
from eventanalytics_adapters.auth.tokens import JwtTokens

__all__ = ["Argon2PasswordHasher", "JwtTokens", "RandomKeyMaker"]
