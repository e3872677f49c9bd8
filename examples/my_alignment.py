"""An alignment objective of one's own: draws two domains' means together along directions that it learns.

python examples/my_alignment.py my_alignment.pt 256        (the file to write, the size of the latent)
"""

import sys

import torch


class MeansApart(torch.nn.Module):
    def __init__(self, latent_size: int):
        super().__init__()
        self.look = torch.nn.Linear(latent_size, 8, bias=False)

    def forward(self, z: torch.Tensor, domain: torch.Tensor, labels: dict[str, torch.Tensor]):
        first = (domain == 0).to(z.dtype).unsqueeze(1)
        seen = torch.nn.functional.normalize(self.look(z), dim=1)
        mean = (seen * first).sum(0) / first.sum().clamp(min=1)
        other = (seen * (1 - first)).sum(0) / (1 - first).sum().clamp(min=1)
        apart = (mean - other).square().sum()
        return apart, {"apart": apart}


torch.jit.script(MeansApart(int(sys.argv[2]))).save(sys.argv[1])
