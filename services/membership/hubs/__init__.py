"""Hubs: regional, national and thematic centres. A hub can lie below another hub."""
