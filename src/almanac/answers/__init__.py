"""Floor 3: questions. They read the record, ask core, and never write."""
