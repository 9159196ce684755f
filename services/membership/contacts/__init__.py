"""Mail addresses, for mail that people asked for. The notify service reads them."""
