"""The reference generated from the code: `python -m deploy.cli.reference` writes it, `--check` compares it."""
