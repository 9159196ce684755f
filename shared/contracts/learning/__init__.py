"""What learning promises: what have we learnt, including what went wrong? One module a feature."""
