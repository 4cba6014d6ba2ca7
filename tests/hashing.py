"""The product's password hasher at the least cost, counting its runs: thousands of accounts are made by the tests."""

from kunjae.identity.hashing import Argon2id


class CountedArgon2id(Argon2id):
    """Argon2id with the smallest memory; `tests/unit/test_hashing.py` holds the product's own parameters."""

    time_cost = 1
    memory_cost = 8
    runs = 0

    def encode(self, password: str, salt: str) -> str:
        CountedArgon2id.runs += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        CountedArgon2id.runs += 1
        return super().verify(password, encoded)
