"""How far an input lies from those the network was trained on."""

from __future__ import annotations

import torch
from torch import Tensor, nn

SHRINKAGE = 0.1
"""Share of the diagonal in a group's covariance: with few records the rest is not known well."""


class Familiarity(nn.Module):
    """Mahalanobis distance of the mean token from the nearest group of training inputs, over the square root of the token's size: about 1
    for what is usual.

    Groups are kinds of input with means of their own: one hand-held lead, a few leads, many leads.
    """

    def __init__(self, groups: int, width: int) -> None:
        super().__init__()
        self.register_buffer("centre", torch.zeros(groups, width))
        self.register_buffer("whitening", torch.eye(width).repeat(groups, 1, 1))

    @torch.no_grad()
    def fit(self, groups: list[Tensor]) -> None:
        """Sets centre and whitening of each group from its mean tokens `[M, D]`."""
        for number, tokens in enumerate(groups):
            centre = tokens.mean(dim=0)
            covariance = torch.cov((tokens - centre).double().T)
            covariance = (1 - SHRINKAGE) * covariance + SHRINKAGE * torch.diag(covariance.diagonal()) + 1e-6 * torch.eye(len(centre))
            values, vectors = torch.linalg.eigh(covariance)
            self.centre[number] = centre
            self.whitening[number] = (vectors / values.sqrt()).float()

    def forward(self, tokens: Tensor, token_mask: Tensor) -> Tensor:
        """`tokens` `[N, D, L, K]`, `token_mask` `[N, L, K]`; returns `[N]`."""
        white = torch.matmul(mean_token(tokens, token_mask).unsqueeze(1).unsqueeze(2) - self.centre.unsqueeze(1), self.whitening)
        squared = (white * white).mean(dim=(2, 3))  # [N, groups]
        return torch.sqrt(-torch.amax(-squared, dim=1))


def mean_token(tokens: Tensor, token_mask: Tensor) -> Tensor:
    """Mean over what is valid, `[N, D]`."""
    return (tokens * token_mask.unsqueeze(1)).sum(dim=(2, 3)) / token_mask.sum(dim=(1, 2)).clamp(min=1.0).unsqueeze(1)
