"""Measures Hemline beside what it could be and beside its peers."""
