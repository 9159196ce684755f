"""Seats: who has one, who waits for one, and who is given a free one. Knows events only by what seats need of them."""
