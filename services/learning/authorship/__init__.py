"""Who wrote an entry, known again without being stored; and who reads."""
