"""Back-tests, metrics, baselines, plots and the gate."""
