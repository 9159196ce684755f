"""Membership: who is in the community, where they belong, how they sign in, and what API keys open.

It owns hubs, groups, people with their contact details, organisations, memberships, sign-in and API keys.
"""
