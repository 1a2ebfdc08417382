"""Text: a typed line, Markdown with front matter, playbooks, feeds."""
