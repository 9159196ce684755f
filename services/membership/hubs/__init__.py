"""Hubs: regional, national and thematic centres. They nest."""
