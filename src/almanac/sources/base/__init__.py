"""What every reader uses: limits, encodings, tables, cells, and the plain rows they yield."""
