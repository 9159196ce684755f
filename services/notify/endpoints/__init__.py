"""Endpoints: where a hub's developers want to be told, about what, and the secrets that prove it was us."""
