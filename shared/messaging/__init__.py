"""Facts on the move: written with the change they tell of, delivered at least once, taking effect exactly once."""
