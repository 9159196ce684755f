"""Support requests: what groups and hubs ask their stewards for, and the answers."""
