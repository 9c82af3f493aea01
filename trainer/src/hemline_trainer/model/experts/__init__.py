"""The statistical experts that the forecaster chooses among."""
