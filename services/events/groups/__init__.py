"""Groups, as far as events must know them: which hub each belongs to, as membership told."""
