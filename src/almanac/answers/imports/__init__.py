"""What a file would change in the record, before anything is written."""
