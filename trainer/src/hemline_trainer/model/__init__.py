"""The networks: forecaster, its blocks and scaling, the image encoder."""
