"""The `mycelium` command, which operators use from a terminal."""
