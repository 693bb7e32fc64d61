"""One module a revision; each knows the tables as they were, never today's `tables`."""
