"""Who a credential belongs to, for the gateway."""
