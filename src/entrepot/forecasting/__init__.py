"""A study drawn within its ranges many times, and what its answers have in common."""
