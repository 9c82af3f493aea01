import torch

# One thread: the nets of the tests are small, and test machines are shared.
torch.set_num_threads(1)
