"""Proofs that nothing is lost, doubled or let in, on real parts and with real SIGKILLs."""
