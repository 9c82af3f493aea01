"""The features of a trend in Feast: one view with the keys market and trend.

Names and units are those of model-store/feature-schema.json. Weekly values are oldest first; NaN is unobserved.
"""

from datetime import timedelta

from feast import Entity, FeatureView, Field, FileSource
from feast.types import Array, Float32, Int64, String
from feast.value_type import ValueType

market = Entity(name="market", join_keys=["market"], value_type=ValueType.STRING)
trend = Entity(name="trend", join_keys=["trend"], value_type=ValueType.STRING)

snapshot = FileSource(
    name="snapshot",
    path="data/trend_features.parquet",
    timestamp_field="features_as_of",
)

trend_features = FeatureView(
    name="trend_features",
    entities=[market, trend],
    ttl=timedelta(0),  # no expiry: newer features replace older ones, and the server reports their age
    schema=[
        Field(name="volume", dtype=Array(Float32)),
        Field(name="influencer_share", dtype=Array(Float32)),
        Field(name="sentiment", dtype=Array(Float32)),
        Field(name="engagement", dtype=Array(Float32)),
        Field(name="last_week", dtype=Int64),  # days since 1970-01-01
        Field(name="first_seen", dtype=Int64),  # days since 1970-01-01
        Field(name="gender", dtype=String),
        Field(name="category", dtype=String),
        Field(name="image_embedding", dtype=Array(Float32)),
        Field(name="encoder_digest", dtype=String),
    ],
    source=snapshot,
)
