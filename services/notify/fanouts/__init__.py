"""Fan-outs: messages heard by so many endpoints that their deliveries are made in several transactions."""
