"""Floor 2: bytes in, plain values out. A module for each service or format; none knows the record."""
