"""Events and registrations in the graph."""
