"""People: profiles, and contact details that only the consent policy gives out."""
