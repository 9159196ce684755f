"""The reference that is written from the code: `python -m deploy.cli.reference` writes it, `--check` compares."""
