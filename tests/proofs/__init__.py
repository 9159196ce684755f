"""Proofs that nothing is lost or doubled and nobody gets access without permission, with real parts and SIGKILLs."""
