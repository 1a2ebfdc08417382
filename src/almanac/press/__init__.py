"""Floor 4: answers set as documents; bytes out, no request in."""
