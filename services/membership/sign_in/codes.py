"""One-time codes, and the keyed hashes under which codes and addresses are stored. Pure."""

import hashlib
import hmac
import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # without characters that are easily confused: I, L, O, U, 0, 1
LENGTH = 8


def new_code() -> str:
    """Eight random characters: 39 bits, which nobody guesses with five tries in a quarter of an hour."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal_code(typed: str) -> str:
    """A typed code in the form in which it was made: in capitals, without spaces and hyphens."""
    return "".join(c for c in typed.upper() if c.isalnum())


def address_hash(secret: bytes, address: str) -> str:
    """A keyed hash of an address. It shows neither the address nor whether anybody has it."""
    return _keyed(secret, "sign-in address", address)


def code_hash(secret: bytes, request_id: str, code: str) -> str:
    """A keyed hash of a code, bound to the request for which it was made."""
    return _keyed(secret, "sign-in code", f"{request_id} {normal_code(code)}")


def _keyed(secret: bytes, use: str, text: str) -> str:
    return hmac.new(secret, f"{use}\0{text}".encode(), hashlib.sha256).hexdigest()
