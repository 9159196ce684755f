"""Code that all services use. It contains nothing about hubs, events or entries."""
