"""Files and dataframes to tables, tables to files, and the checks between."""
