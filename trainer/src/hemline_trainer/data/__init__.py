"""What is learned from: batches, the sampler, images."""
