"""What events knows of hubs and groups: that they exist, whether they are archived, and the hub of each group."""
