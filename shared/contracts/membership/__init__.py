"""What membership promises to other parts. One module for each feature."""
