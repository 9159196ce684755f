"""Memberships: a person in a hub or a group, with roles and dates."""
