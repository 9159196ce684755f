"""Who is told, and how: webhooks with their log and deliveries, and the mail people asked for."""
