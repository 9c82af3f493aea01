"""Synthetic series, markets and pictures of garments."""
