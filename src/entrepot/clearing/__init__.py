"""The clearing engine: a market is a stack of activities."""
