"""The world's formats, read into our tables: one source a file."""
