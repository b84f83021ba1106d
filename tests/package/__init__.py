"""The package that is built and installed."""
