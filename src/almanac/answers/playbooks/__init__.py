"""How programs are run, who could take over, and the book for the next person."""
