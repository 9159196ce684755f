"""What events promises: where and when do we meet? One module a feature."""
