"""Who reads, and whether a reader wrote an entry whose author is not stored."""
