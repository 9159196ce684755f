"""A load of mixed commands while services are killed, and a checker that uses only what it can read afterwards."""
