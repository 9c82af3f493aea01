"""Other model servers with the same artifact: installation, start, tuning and requests."""

import json
import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hemline_bench import tools
from hemline_bench.children import Children
from hemline_bench.closed_loop import Workload
from hemline_bench.places import ARTIFACT, PEERS
from hemline_bench.suites.serving.instance import Instance, free_port
from hemline_bench.suites.serving.request_files import LAST_WEEK_DAYS, WEEKS, RequestFiles

Settings = dict[str, str]
REPORTED = {"fastapi", "uvicorn", "bentoml", "mlserver", "onnxruntime", "numpy", "orjson"}


@dataclass(frozen=True)
class Peer:
    """One model server. Without tuning it runs with the first of its candidate settings."""

    name: str
    folder: str
    command: Callable[[int], list[str]]
    path: str
    ready: str
    candidates: tuple[Settings, ...]
    form: Callable[[str], str]
    first_forecast: Callable[[Any], dict[str, Any]]
    cached_by_get: bool = False

    def environment(self, children: Children) -> None:
        """Installs its locked dependencies."""
        children.run(f"sync-{self.folder}", [tools.uv(), "sync", "--locked", "--quiet"], 600, cwd=PEERS / self.folder)

    def versions(self) -> str:
        """The locked versions of its main dependencies."""
        locked = tomllib.loads((PEERS / self.folder / "uv.lock").read_text())["package"]
        return ", ".join(f"{one['name']} {one['version']}" for one in locked if one["name"] in REPORTED)

    def start(self, children: Children, settings: Settings, known_answers: Path) -> Instance:
        """Starts the server and waits until it is ready."""
        port = free_port()
        more = {"TREND_ARTIFACT": str(ARTIFACT), "KNOWN_ANSWERS": str(known_answers), "OMP_NUM_THREADS": "1"}
        if self.folder == "mlserver":
            ports = (("HTTP", port), ("GRPC", free_port()), ("METRICS", free_port()))
            more |= {f"MLSERVER_{name}_PORT": str(number) for name, number in ports} | {"MLSERVER_HOST": "127.0.0.1"}
        if self.folder == "bentoml":
            more |= {"BENTOML_DO_NOT_TRACK": "true"}
        folder = PEERS / self.folder
        more["PATH"] = f"{folder / '.venv' / 'bin'}:{os.environ['PATH']}"
        child = children.start(self.folder, self.command(port), cwd=folder, env=more | settings)
        base = f"http://127.0.0.1:{port}"
        child.wait_for(base + self.ready, 45)
        return Instance(child, base)

    def work(self, files: RequestFiles, hit_share: float) -> Workload:
        """The workload in this server's form."""
        if hit_share >= 1 and self.cached_by_get:
            return Workload("GET", self.path, files.full, files.fresh, 1)
        return Workload("POST", self.path, files.known, files.fresh, hit_share)


def _v2(body: str) -> str:
    """A request in the tensors of MLServer's protocol; a placeholder stays in place."""
    values = body.partition('"series":[')[2].partition("]")[0]
    series = f'{{"name":"series","shape":[1,{WEEKS}],"datatype":"FP64","data":[{values}]}}'
    week = f'{{"name":"last_week","shape":[1,1],"datatype":"INT64","data":[{LAST_WEEK_DAYS}]}}'
    return f'{{"inputs":[{series},{week}]}}'


def _from_v2(answer: Any) -> dict[str, Any]:
    """The forecast of MLServer's response."""
    outputs = {output["name"]: output["data"] for output in answer["outputs"]}
    levels = {level: outputs["quantiles"][place::3] for place, level in enumerate(("0.1", "0.5", "0.9"))}
    return {
        "quantiles": levels,
        "trend_score": outputs["trend_score"][0],
        "trend_class": outputs["trend_class"][0],
        "weeks": outputs["weeks"][0].split(","),
    }


def _uvicorn(port: int) -> list[str]:
    workers = str(os.cpu_count())
    quiet = ["--log-level", "warning", "--no-access-log", "--backlog", "2048"]
    return [
        "uvicorn",
        "app:app",
        "--port",
        str(port),
        "--workers",
        workers,
        "--loop",
        "uvloop",
        "--http",
        "httptools",
        *quiet,
    ]


def _bento(batch: int, millis: int, workers: int) -> Settings:
    return {"MAX_BATCH": str(batch), "MAX_LATENCY_MS": str(millis), "WORKERS": str(workers)}


def _mlserver(batch: int, seconds: float, workers: int) -> Settings:
    return {
        "MLSERVER_MODEL_MAX_BATCH_SIZE": str(batch),
        "MLSERVER_MODEL_MAX_BATCH_TIME": str(seconds),
        "MLSERVER_PARALLEL_WORKERS": str(workers),
        "MLSERVER_CACHE_ENABLED": "true",
        "MLSERVER_CACHE_SIZE": "50000",
    }


ALL = (
    Peer(
        name="FastAPI",
        folder="fastapi",
        command=_uvicorn,
        path="/v1/forecasts",
        ready="/health/ready",
        candidates=({"INTRA_OP": "1"}, {"INTRA_OP": "2"}),
        form=lambda body: body,
        first_forecast=lambda answer: answer["forecasts"][0],
        cached_by_get=True,
    ),
    Peer(
        name="BentoML",
        folder="bentoml",
        command=lambda port: ["bentoml", "serve", "service:Trend", "--port", str(port), "--host", "127.0.0.1"],
        path="/v1/forecasts",
        ready="/readyz",
        candidates=(_bento(32, 1000, 2), _bento(32, 100, 2), _bento(8, 1000, 2), _bento(32, 1000, 1)),
        form=lambda body: body,
        first_forecast=lambda answer: answer[0],
    ),
    Peer(
        name="MLServer",
        folder="mlserver",
        command=lambda port: ["mlserver", "start", "."],
        path="/v2/models/trend/infer",
        ready="/v2/health/ready",
        candidates=(
            _mlserver(32, 0.005, 0),
            _mlserver(32, 0.001, 0),
            _mlserver(32, 0.005, 2),
            _mlserver(32, 0.02, 0),
        ),
        form=_v2,
        first_forecast=_from_v2,
    ),
)


def spelled(settings: Settings) -> str:
    """Settings in the form of the notes."""
    short = {name.removeprefix("MLSERVER_").removeprefix("MODEL_").lower(): value for name, value in settings.items()}
    return json.dumps(short).replace('"', "").strip("{}")
