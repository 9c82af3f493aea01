"""MLServer with adaptive batching and its response cache: series in, quantiles out, as tensors."""

from datetime import timedelta

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse
from trend_model import CLASSES, EPOCH, TrendModel, coming_weeks, score


class Trend(MLModel):
    """Forecasts of own series in batches."""

    async def load(self) -> bool:
        """Opens the session."""
        self.trend = TrendModel()
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Series FP64 [B, weeks] and last week INT64 [B, 1] to the parts of B forecasts."""
        inputs = {one.name: NumpyCodec.decode_input(one) for one in payload.inputs}
        series = list(inputs["series"])
        last_weeks = [int(week) for week in inputs["last_week"].reshape(-1)]
        quantiles, classes = self.trend.quantiles(series, last_weeks)
        scores = [score(values, rows[:, 1]) for values, rows in zip(series, quantiles, strict=True)]
        weeks = [coming_weeks((EPOCH + timedelta(days=week)).isoformat()) for week in last_weeks]
        return InferenceResponse(
            model_name=self.name,
            outputs=[
                NumpyCodec.encode_output("quantiles", quantiles),
                NumpyCodec.encode_output("trend_score", np.array([[one or 0.0] for one in scores], np.float64)),
                StringCodec.encode_output("trend_class", [CLASSES[int(one)] for one in classes]),
                StringCodec.encode_output("weeks", [",".join(one) for one in weeks]),
            ],
        )
