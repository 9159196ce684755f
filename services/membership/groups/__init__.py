"""Groups: communities of practice, each in a hub."""
