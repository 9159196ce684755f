"""Sign-in without passwords: one-time codes, access tokens, rotating refresh tokens."""
