"""Learning owns the log of what the community has learnt, mistakes included, and the invitations to reflect.

Authors choose audience and attribution entry by entry; an anonymous entry holds nothing that names its author.
"""
