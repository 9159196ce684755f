"""Topics: what developers may subscribe to."""
