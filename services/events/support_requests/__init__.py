"""Support requests: groups and hubs ask their stewards for help, and stewards answer."""
