"""Charts as SVG from plain tables: no study, no answer, no script, no request.

Every chart is text that the same input gives byte for byte; what it is of, the units and the input
hash stand on the chart itself.
"""
