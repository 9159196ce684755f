"""Which caller a credential stands for. The gateway asks."""
