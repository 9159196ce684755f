"""A load of mixed commands while services are killed, and a checker that believes only what it can read afterwards."""
