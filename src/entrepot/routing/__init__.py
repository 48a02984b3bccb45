"""Route choice: which routes carry given consignments, and how full legs get."""
