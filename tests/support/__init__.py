"""What tests stand on: real parts, a real webhook receiver, and waiting without sleeping."""
