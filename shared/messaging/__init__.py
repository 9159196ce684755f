"""Messages: written in the transaction of the change they report, delivered at least once, effective exactly once."""
