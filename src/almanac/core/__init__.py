"""Floor 1: numbers in, frozen results out. No I/O, no clock, no Django."""
