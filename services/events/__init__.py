"""Events: where and when the community meets, and who comes.

Owns events (gatherings), registrations, and the audit line of each promotion. An event never has more confirmed
registrations than seats, whoever registers or cancels at the same time.
"""
