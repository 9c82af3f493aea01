"""Published results on the same benchmarks, with their sources."""

from typing import Final, NamedTuple


class Published(NamedTuple):
    """A published result: method, MASE and source."""

    name: str
    mase: float
    source: str


GIFT: Final = "GIFT-Eval results, SalesforceAIResearch/gift-eval @ 4fd98a9, m4_weekly"
M4: Final = "M4 competition, Evaluation and Ranks.xlsx, Mcompetitions/M4-methods @ 6c1067e"
HERMES: Final = "HERMES, README of etidav/HERMES, 100 series, 52 weeks"

M4_WEEKLY: Final = (
    Published("N-BEATS", 1.970, GIFT),
    Published("TiRex", 1.990, GIFT),
    Published("TimesFM-2.5", 2.002, GIFT),
    Published("Chronos-2", 2.026, GIFT),
    Published("Chronos-Bolt base", 2.078, GIFT),
    Published("Darin & Stellwagen", 2.107, M4),
    Published("PatchTST", 2.340, GIFT),
    Published("ES-RNN (Smyl)", 2.356, M4),
    Published("AutoARIMA", 2.360, GIFT),
    Published("AutoETS", 2.550, GIFT),
    Published("AutoTheta", 2.660, GIFT),
    Published("TFT", 2.680, GIFT),
    Published("naive", 2.777, M4),
    Published("DeepAR", 4.62, GIFT),
    Published("TiDE", 5.08, GIFT),
)
HERMES_YEAR: Final = (Published("HERMES-TBATS", 0.7368, HERMES + "; s.d. 0.0043"), Published("TBATS", 0.745, HERMES))


def format_published(title: str, figures: tuple[Published, ...]) -> str:
    """One line per result, with its source."""
    lines = [f"published, {title}"]
    lines += [f"  {each.name:20} {each.mase:.4f}   as published in {each.source}" for each in figures]
    return "\n".join(lines)
