"""Registrations: who has a seat at an event, who waits, and in which order."""
