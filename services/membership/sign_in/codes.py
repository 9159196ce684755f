"""One-time codes and the keyed hashes under which codes and addresses are kept. Pure."""

import hashlib
import hmac
import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # nothing that looks like something else: no I, L, O, U, 0, 1
LENGTH = 8


def new_code() -> str:
    """Eight random characters (39 bits; five tries a quarter of an hour make guessing hopeless)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal_code(typed: str) -> str:
    """A code as it was made, however it was typed: without spaces and hyphens, in capitals."""
    return "".join(c for c in typed.upper() if c.isalnum())


def address_hash(secret: bytes, address: str) -> str:
    """What stands for an address where nobody need know it, nor whether anybody has it."""
    return _keyed(secret, "sign-in address", address)


def code_hash(secret: bytes, request_id: str, code: str) -> str:
    """A code as it is kept, bound to the request it was made for."""
    return _keyed(secret, "sign-in code", f"{request_id} {normal_code(code)}")


def _keyed(secret: bytes, use: str, text: str) -> str:
    return hmac.new(secret, f"{use}\0{text}".encode(), hashlib.sha256).hexdigest()
