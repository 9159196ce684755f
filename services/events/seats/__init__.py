"""Seats: who has one, who waits for one, and who gets a free one. Of events it knows only what seats need."""
