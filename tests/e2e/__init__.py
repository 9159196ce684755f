"""The product as its users meet it: GraphQL in, mail and signed webhooks out."""
