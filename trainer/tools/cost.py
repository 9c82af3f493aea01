# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy==2.4.6", "onnx==1.23.2", "onnxruntime==1.21.1"]
# ///
"""What a row costs in the server's version of ONNX Runtime, beside a reference LSTM head.

uv run trainer/tools/cost.py store/trend/versions/2/forecaster.onnx …

One thread. The reference reads 104 weeks of 4 variables: one LSTM of 64 hidden units each way, attention of 4 heads
over the weeks, 13 steps of 3 quantiles. Graphs take turns within every round, so that a busy machine is busy for all of
them; a graph's figure is the median over rounds, at its best batch size. A ratio below 1 is cheaper than the reference.

B rows, W = 104 weeks, D = 128 = both directions.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

WEEKS: Final = 104
VARIABLES: Final = 4
HIDDEN: Final = 64
HEADS: Final = 4
OUTPUTS: Final = 13 * 3
BATCHES: Final = (1, 2, 4, 8, 16, 32)
CONTEXT: Final = 208
REFERENCE: Final = "reference LSTM"

Inputs = dict[str, npt.NDArray[Any]]


def reference() -> bytes:
    """The reference LSTM head with random weights: `weeks` float32 (W, B, 4) to `quantiles` float32 (B, 39)."""
    rng = np.random.default_rng(0)
    both = 2 * HIDDEN

    def weight(name: str, *shape: int) -> onnx.TensorProto:
        values = (0.1 * rng.standard_normal(shape)).astype(np.float32)
        return numpy_helper.from_array(values, name)

    def whole(name: str, *numbers: int) -> onnx.TensorProto:
        return numpy_helper.from_array(np.array(numbers, dtype=np.int64), name)

    nodes = [
        helper.make_node("LSTM", ["weeks", "w", "r", "b"], ["read"], direction="bidirectional", hidden_size=HIDDEN),
        helper.make_node("Transpose", ["read"], ["by_row"], perm=[2, 0, 1, 3]),
        helper.make_node("Reshape", ["by_row", "flat"], ["states"]),  # (B, W, D)
    ]
    for part, order in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
        nodes += [
            helper.make_node("MatMul", ["states", f"w{part}"], [f"{part}1"]),
            helper.make_node("Reshape", [f"{part}1", "heads"], [f"{part}2"]),
            helper.make_node("Transpose", [f"{part}2"], [part], perm=order),
        ]
    nodes += [
        helper.make_node("MatMul", ["q", "k"], ["logits"]),
        helper.make_node("Mul", ["logits", "scale"], ["scaled"]),
        helper.make_node("Softmax", ["scaled"], ["weights"], axis=-1),
        helper.make_node("MatMul", ["weights", "v"], ["by_head"]),
        helper.make_node("Transpose", ["by_head"], ["together"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["together", "flat"], ["attended"]),
        helper.make_node("MatMul", ["attended", "wo"], ["mixed"]),
        helper.make_node("ReduceMean", ["mixed", "axis"], ["pooled"], keepdims=0),
        helper.make_node("Gemm", ["pooled", "wh"], ["quantiles"]),
    ]
    constants = [
        weight("w", 2, 4 * HIDDEN, VARIABLES),
        weight("r", 2, 4 * HIDDEN, HIDDEN),
        weight("b", 2, 8 * HIDDEN),
        *(weight(name, both, both) for name in ("wq", "wk", "wv", "wo")),
        weight("wh", both, OUTPUTS),
        whole("flat", 0, WEEKS, both),
        whole("heads", 0, 0, HEADS, both // HEADS),
        whole("axis", 1),
        numpy_helper.from_array(np.array((both / HEADS) ** -0.5, dtype=np.float32), "scale"),
    ]
    graph = helper.make_graph(
        nodes,
        "reference",
        [helper.make_tensor_value_info("weeks", onnx.TensorProto.FLOAT, [WEEKS, "B", VARIABLES])],
        [helper.make_tensor_value_info("quantiles", onnx.TensorProto.FLOAT, ["B", OUTPUTS])],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def session(graph: bytes | Path) -> ort.InferenceSession:
    """A session on one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(
        graph if isinstance(graph, bytes) else str(graph), options, providers=["CPUExecutionProvider"]
    )


def inputs(asked: ort.InferenceSession, rows: int) -> Inputs:
    """Plausible values for every input: a yearly wave with noise, all inputs of the fusion given."""
    rng = np.random.default_rng(rows)
    if asked.get_inputs()[0].name == "weeks":
        return {"weeks": rng.standard_normal((WEEKS, rows, VARIABLES)).astype(np.float32)}
    wave = 10 + 5 * np.sin(2 * np.pi * np.arange(CONTEXT) / 52)[None, :, None]
    history = (wave * np.exp(0.2 * rng.standard_normal((rows, CONTEXT, VARIABLES)))).astype(np.float32)
    (embedding,) = (each.shape[1] for each in asked.get_inputs() if each.name == "image_embedding")
    return {
        "history": history,
        "observed": np.ones(history.shape, dtype=bool),
        "last_week": np.full(rows, 17896, dtype=np.int64),
        "static_ids": np.ones((rows, 3), dtype=np.int64),
        "image_embedding": rng.standard_normal((rows, embedding)).astype(np.float32),
        "has_image": np.ones(rows, dtype=bool),
    }


def measure(graphs: dict[str, ort.InferenceSession], rounds: int, budget: float) -> dict[str, dict[int, float]]:
    """Median over rounds of microseconds per row, by graph and batch size; each visit lasts `budget` seconds."""
    taken: dict[tuple[str, int], list[float]] = {}
    asked = {(name, size): inputs(graph, size) for name, graph in graphs.items() for size in BATCHES}
    for _ in range(rounds + 1):  # the first round warms up
        for (name, size), given in asked.items():
            graph, runs, began = graphs[name], 0, time.perf_counter()
            while (now := time.perf_counter()) - began < budget:
                graph.run(None, given)
                runs += 1
            taken.setdefault((name, size), []).append(1e6 * (now - began) / (runs * size))
    return {name: {size: float(np.median(taken[name, size][1:])) for size in BATCHES} for name in graphs}


def main() -> None:
    """Prints a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graphs", nargs="+", type=Path, help="forecaster.onnx files to compare")
    parser.add_argument("--rounds", type=int, default=9, help="counted rounds (default 9)")
    parser.add_argument("--budget", type=float, default=0.1, help="seconds per graph, batch size and round")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    graphs = {REFERENCE: session(reference())} | {str(path): session(path) for path in given.graphs}
    found = measure(graphs, given.rounds, given.budget)
    best = {name: min(costs.values()) for name, costs in found.items()}
    ratios = {name: cost / best[REFERENCE] for name, cost in best.items()}
    if given.json:
        report = {"onnxruntime": ort.__version__, "us_per_row": found, "ratio": ratios}
        json.dump(report, sys.stdout, indent=2, allow_nan=False)
        return
    print(f"onnxruntime {ort.__version__}, one thread, us per row, median of {given.rounds} rounds")
    print("  ".join(f"batch {size:>3}" for size in BATCHES) + "   ratio  graph")
    for name, costs in found.items():
        print("  ".join(f"{costs[size]:9.1f}" for size in BATCHES) + f"   {ratios[name]:5.3f}  {name}")


if __name__ == "__main__":
    main()
