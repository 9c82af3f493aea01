"""What a shadow costs the version that it stands beside."""
