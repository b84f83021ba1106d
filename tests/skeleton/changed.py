"""Sets of equations that tests share, because each is compiled for some seconds."""

from math import nan

from trabecula.evidence import Evidence, Method, Parameter
from trabecula.skeleton import Equations, FurtherState, parts
from trabecula.skeleton.changes import NAMES

EVIDENCE = Evidence.load()
LETTER = Parameter.model_validate(
    {
        "id": "mine.per_day", "label": "Memory of load", "unit": "1/d", "value": 0.01, "symbol": "perDay",
        "method": Method.ASSUMED, "because": "An example.", "spread": {"kind": "none"}, "reviewed": "2026-11-30",
    }
)  # fmt: skip
"""The further letter of `WITH_A_POOL`."""
POOL_DAYS = 100.0
"""After so many days the pool of `WITH_A_POOL` is too large for them."""


def half_as_sensitive(u, p):
    """Receptors of which twice as many must be taken for half the effect."""
    return u**p.hG / (u**p.hG + (2.0 * p.u50) ** p.hG)


def _perforation(osteoclasts, zf, p):
    """As shipped, until the pool overflows."""
    return parts.perforation(osteoclasts, zf, p) if p.days_alive < POOL_DAYS else nan


ITSELF = Equations().replacing(**{name: getattr(parts, name) for name in NAMES})
"""Every part replaced by the one that ships, compiled as a stranger's function is."""
HALF_AS_SENSITIVE = Equations().replacing(fast_steroid_effect=half_as_sensitive)
"""One part replaced."""
BY_PARAMETER = {EVIDENCE.symbols["u50"]: 2.0 * EVIDENCE.scalar(EVIDENCE.symbols["u50"])}
"""What does the same as a parameter."""
WITH_A_POOL = Equations().replacing(
    letters=["perDay"],
    states={
        "days_alive": FurtherState(lambda y, x, p: 1.0),
        "load_memory": FurtherState(lambda y, x, p: p.perDay * (p.oestrogen - p.load_memory), healthy=1.0),
    },
    perforation=_perforation,
)
"""Two further states and a letter; one part gives no number from a day on."""
