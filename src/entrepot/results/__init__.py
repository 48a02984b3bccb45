"""Results: an answer read as tidy tables, compared with another, explained, and written down."""
