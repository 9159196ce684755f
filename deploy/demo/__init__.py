"""The demo community: believable, and invented. `python -m deploy.demo` loads it through the services' own commands."""
