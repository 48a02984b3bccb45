"""The sections of a report, one a file; each makes its part from the subject."""
