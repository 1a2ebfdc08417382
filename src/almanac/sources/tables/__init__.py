"""Tables of our own and of people's own: events, measurements, boards, quotes, any mapping."""
