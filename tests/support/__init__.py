"""Support for tests: real parts, a real webhook receiver, and waiting without sleeping."""
