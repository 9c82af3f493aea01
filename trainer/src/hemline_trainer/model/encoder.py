"""The image encoder: a Vision Transformer from a garment photograph to an embedding.

Two sizes with one contract, `uint8 (B, 224, 224, 3) -> float32 (B, D)`, normalisation inside:
`SmallVisionTransformer` is the embedded default, `FullVisionTransformer` is timm's vit_base_patch16_224.

B = batch, P = patch side, T = tile side, K = tiles along a patch, C = channels of a tile, G = patches along a side,
N = tokens (G * G), H = heads, W = width, D = embedding.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from hemline_trainer.contract import EMBEDDING
from hemline_trainer.errors import CheckpointError

SIDE = 224
_FULL_WIDTH = 768  # of vit_base_patch16_224


@dataclass(frozen=True)
class EncoderShape:
    """The small transformer's sizes. Immutable."""

    patch: int = 32
    tile: int = 8
    channels: int = 48
    width: int = 64
    depth: int = 3
    heads: int = 4
    dim: int = EMBEDDING


class Normalised(nn.Module):
    """Maps uint8 sRGB to -1..1, channels first."""

    def forward(self, image: Tensor) -> Tensor:
        """(B, 224, 224, 3) uint8 to (B, 3, 224, 224) float32."""
        return (image.to(torch.float32) / 127.5 - 1.0).permute(0, 3, 1, 2)


class Block(nn.Module):
    """Pre-norm self-attention and feed-forward, each with a residual connection."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attention_norm = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.mixed = nn.Linear(width, width)
        self.forward_norm = nn.LayerNorm(width)
        self.feed = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, tokens: Tensor) -> Tensor:
        """(B, N, W) to (B, N, W)."""
        tokens = tokens + self._attended(self.attention_norm(tokens))
        fed: Tensor = self.feed(self.forward_norm(tokens))
        return tokens + fed

    def _attended(self, tokens: Tensor) -> Tensor:
        _, count, width = tokens.shape
        head = width // self.heads
        packed = self.query_key_value(tokens).reshape(-1, count, 3, self.heads, head)  # (B, N, 3, H, W/H)
        query, key, value = packed.permute(2, 0, 3, 1, 4).unbind(0)  # each (B, H, N, W/H)
        weights = (query @ key.transpose(-2, -1) * head**-0.5).softmax(dim=-1)  # (B, H, N, N)
        joined = (weights @ value).transpose(1, 2).reshape(-1, count, width)  # (B, N, W)
        mixed: Tensor = self.mixed(joined)
        return mixed


class Patches(nn.Module):
    """Embeds patches through a non-linear embedding of their tiles, which resolves fabric texture."""

    def __init__(self, shape: EncoderShape) -> None:
        super().__init__()
        self.patch, self.tile = shape.patch, shape.tile
        self.tiles = nn.Sequential(nn.Linear(3 * shape.tile**2, shape.channels), nn.GELU())
        self.patches = nn.Linear(shape.channels * (shape.patch // shape.tile) ** 2, shape.width)

    def forward(self, image: Tensor) -> Tensor:
        """(B, 224, 224, 3) uint8 to (B, N, W)."""
        tile, across, grid = self.tile, self.patch // self.tile, SIDE // self.patch
        cut = image.reshape(-1, grid, across, tile, grid, across, tile, 3)  # (B, G, K, T, G, K, T, 3)
        cut = cut.permute(0, 1, 4, 2, 5, 3, 6, 7)  # (B, G, G, K, K, T, T, 3)
        pixels = cut.reshape(-1, grid * grid, across * across, 3 * tile * tile)  # (B, N, KK, 3TT)
        tiles = self.tiles(pixels.to(torch.float32) / 127.5 - 1.0)  # (B, N, KK, C)
        tokens: Tensor = self.patches(tiles.flatten(2))  # (B, N, W)
        return tokens


class SmallVisionTransformer(nn.Module):
    """The default encoder: 49 patches, three blocks, mean pooling."""

    def __init__(self, shape: EncoderShape | None = None) -> None:
        super().__init__()
        self.shape = shape or EncoderShape()
        grid = SIDE // self.shape.patch
        width = self.shape.width
        self.patches = Patches(self.shape)
        self.position = nn.Parameter(torch.zeros(1, grid * grid, width))
        self.blocks = nn.ModuleList(Block(width, self.shape.heads) for _ in range(self.shape.depth))
        self.norm = nn.LayerNorm(width)
        self.projection = nn.Linear(width, self.shape.dim)
        self.evened = nn.LayerNorm(self.shape.dim, elementwise_affine=False)
        nn.init.trunc_normal_(self.position, std=0.02)

    @property
    def dim(self) -> int:
        """Length of the embedding."""
        return self.shape.dim

    def forward(self, image: Tensor) -> Tensor:
        """(B, 224, 224, 3) uint8 to (B, D) float32 of mean 0 and variance 1 in each row."""
        tokens = self.patches(image) + self.position  # (B, N, W)
        for block in self.blocks:
            tokens = block(tokens)
        embedding: Tensor = self.evened(self.projection(self.norm(tokens).mean(dim=1)))
        return embedding


class FullVisionTransformer(nn.Module):
    """timm's vit_base_patch16_224 with a projection to D."""

    def __init__(self, weights: Path | None = None, dim: int = EMBEDDING) -> None:
        """Builds it with random weights, or with timm's weights from a local .pth or .safetensors file."""
        import timm  # noqa: PLC0415 - the import takes seconds, and only the full size needs it

        super().__init__()
        self.dim = dim
        self.normalised = Normalised()
        overlay = {"file": str(weights)} if weights else None
        try:
            self.backbone = timm.create_model(
                "vit_base_patch16_224", pretrained=weights is not None, pretrained_cfg_overlay=overlay, num_classes=0
            )
        except Exception as error:  # timm, PyTorch, safetensors and pickle raise unrelated classes for invalid files
            raise CheckpointError(f"{weights}: no weights of vit_base_patch16_224 ({error})") from error
        self.projection = nn.Linear(_FULL_WIDTH, dim)
        self.evened = nn.LayerNorm(dim, elementwise_affine=False)

    def forward(self, image: Tensor) -> Tensor:
        """(B, 224, 224, 3) uint8 to (B, D) float32."""
        embedding: Tensor = self.evened(self.projection(self.backbone(self.normalised(image))))
        return embedding


Encoder = SmallVisionTransformer | FullVisionTransformer
