"""Floor 7: settings, addresses and the WSGI application; the only place that joins faces."""
