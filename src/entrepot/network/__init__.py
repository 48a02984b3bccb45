"""Places and legs as arrays."""
