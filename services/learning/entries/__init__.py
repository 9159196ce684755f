"""The log: authors share, revise and withdraw entries, and choose who may read each."""
