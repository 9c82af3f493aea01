"""The training loop, its loss, checkpoints, processes and calibration."""
