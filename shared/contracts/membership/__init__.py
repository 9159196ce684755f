"""What membership promises: who is in it, and how may I reach them? One module a feature."""
