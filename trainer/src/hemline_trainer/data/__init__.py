"""Training data: data set and hold-out, batches, the sampler, images."""
