"""The atlas: a server that clears, answers and hands out tables, and the page that it serves."""
