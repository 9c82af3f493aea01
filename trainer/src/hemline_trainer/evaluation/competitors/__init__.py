"""What the forecaster is compared with: statistical models, plain nets of the literature, and published figures."""
