"""What the record stands on: clock, zones, the two files, links, seals, the ledger, errors."""
