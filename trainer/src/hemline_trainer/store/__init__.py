"""The model store, in a folder or on S3."""
