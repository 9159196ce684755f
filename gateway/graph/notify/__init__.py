"""Webhook endpoints, deliveries and the log of messages in the graph."""
