"""The report: answers to one file that can be mailed, printed and read without a network."""
