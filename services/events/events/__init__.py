"""Gatherings: an event from draft to published to cancelled or completed."""
