"""Floor 5: verbs. Each checks the rules, changes the record and leaves a line in the change log."""
