"""What learning promises: what have we learnt, including what went wrong? One module a feature."""

from shared.contracts.learning import entries, invitations

FEATURES = (entries, invitations)
