"""Membership: who is in the community, where they belong, how they sign in, and which keys open what.

It owns hubs, groups, people with their contact details, organisations, memberships, sign-in and API keys.
"""
