"""Addresses for mail that people asked for, for notify."""
