"""Hackathons: what is known of them, who signed up, what was handed in, and the ballots."""
