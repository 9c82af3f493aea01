"""FastAPI with ONNX Runtime: an async endpoint that runs the model, orjson, and a dict of encoded responses."""

import json
import os
from pathlib import Path

import orjson
from fastapi import FastAPI, Request, Response
from trend_model import TrendModel, answer

MAX_CACHED = 50_000

app = FastAPI(openapi_url=None)
model = TrendModel()
# Encoded responses of known trends, as a batch job would precompute them: path with query → bytes.
known: dict[str, bytes] = {}
if os.environ.get("KNOWN_ANSWERS"):
    known = {path: text.encode() for path, text in json.loads(Path(os.environ["KNOWN_ANSWERS"]).read_text()).items()}
cache: dict[bytes, bytes] = {}


@app.get("/health/ready")
async def ready() -> Response:
    """Whether the model is loaded."""
    return Response()


@app.get("/v1/forecasts")
async def trends(request: Request) -> Response:
    """A known trend, precomputed."""
    found = known.get(f"/v1/forecasts?{request.url.query}")
    return Response(found, media_type="application/json") if found else Response(status_code=404)


@app.post("/v1/forecasts")
async def forecasts(request: Request) -> Response:
    """An own series: from the cache, else from the model."""
    body = await request.body()
    found = cache.get(body)
    if found is None:
        items = orjson.loads(body)["items"]
        found = orjson.dumps(answer(model.forecasts(items)), option=orjson.OPT_SERIALIZE_NUMPY)
        if len(cache) >= MAX_CACHED:
            cache.pop(next(iter(cache)))
        cache[body] = found
    return Response(found, media_type="application/json")
