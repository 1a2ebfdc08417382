"""The read side of the record: query sets and small lookups, no arithmetic."""
