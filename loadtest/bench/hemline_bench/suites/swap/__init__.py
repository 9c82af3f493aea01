"""What a swap costs those who ask meanwhile, and what it leaves behind in memory."""
