"""Organisations: where people work."""
