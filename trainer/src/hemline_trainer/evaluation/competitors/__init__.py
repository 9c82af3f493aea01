"""Competitors of the forecaster: statistical models, networks of the literature, and published results."""
