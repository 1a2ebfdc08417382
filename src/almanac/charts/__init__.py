"""Floor 2: a core result in, a picture out: SVG for pages, text for terminals."""
