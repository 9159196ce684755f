"""What membership promises: who is in it, and how may I reach them? One module a feature."""

from shared.contracts.membership import api_keys, groups, hubs, memberships, organisations, people, principals, sign_in

FEATURES = (hubs, organisations, people, groups, memberships, api_keys, sign_in, principals)
