"""What a step says of its result, in one line each."""

import math
from collections.abc import Mapping

from hemline_trainer.artifact.export import GraphReport
from hemline_trainer.artifact.quantised import Quantised
from hemline_trainer.contract import ATOL


def proof(name: str, report: GraphReport) -> str:
    """One line on an exported graph and how far it is from PyTorch."""
    return (
        f"{name}: {report.nodes} nodes, {report.size:,} bytes, IR {report.ir_version}, opset {report.opset}, "
        f"at most {report.max_abs_difference:.1e} from PyTorch over {len(report.differences)} batches "
        f"(allowed {report.atol:g} + {report.rtol:g} relative)"
    )


def told(made: Quantised) -> str:
    """One line on a graph that was quantised."""
    return (
        f"{made.path.name}: {made.products} products in 8 bits, {made.size_before:,} to {made.size:,} bytes, "
        f"cosine at least {made.cosine:.4f} to the embeddings in float32; one grey level moves one by {made.jump:.1e}, "
        f"golden answers allow {ATOL:g}: a server of another ONNX Runtime or processor may refuse it"
    )


def listed(figures: Mapping[str, float]) -> str:
    """Figures in one line."""
    return ", ".join(f"{name} {value:.3f}" for name, value in figures.items() if math.isfinite(value))
