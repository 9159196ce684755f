"""The `mycelium` command: what an operator asks and does from a terminal."""
