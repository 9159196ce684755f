"""What notify promises: how does word get out? One module a feature."""
