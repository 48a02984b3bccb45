"""How answers look in the terminal: one kind of answer a file."""
