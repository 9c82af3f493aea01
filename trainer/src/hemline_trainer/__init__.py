"""Learns, proves and publishes Hemline's fashion trend forecasters."""
