"""Invitations to reflect: after an event, those who were there are asked what they learnt."""
