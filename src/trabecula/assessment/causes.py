"""The causes: how much each has done to density so far, and does to the chance of a fracture.

The same person is lived through again without some of the causes (`causes_switches`), and Shapley shares divide the
difference so that it adds up exactly. The draws are those of the assessment. Density is marched for every pair of
causes and for the three strongest together; what other threes do beyond pairs is left out (a test holds it small). The
personal level, earlier fractures, body and family are part of the person in every world, so that they are in no share.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from trabecula import course
from trabecula.assessment.causes_shapley import Coalition, coalitions, expanded, shapley
from trabecula.assessment.causes_switches import LABELS, Switches
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.results import Causes, CausesOf, Share, interval
from trabecula.fracture import GROUPS
from trabecula.fracture import SITES as FRACTURE_SITES
from trabecula.skeleton import SITES
from trabecula.units import PER_CENT

Array = NDArray[np.float64]
BY_MS = ("unloading", "falls", "oral_steroids", "pulses")
"""The ways in which MS reaches bone here: load, falls and its treatment."""
_MAJOR = "major_osteoporotic"
_FINEST, _MOST = 0.1, 99.0  # of 100 people, what is told apart from nobody and everybody
_TOGETHER = 3  # how many of the strongest causes are lived through together


def causes(known: PatientState) -> Causes:
    """The shares of all causes, by site of bone and of fracture."""
    world = World(known)
    others = [each for each in world.players if each != "ageing"]
    fracture_sites = (*GROUPS, *FRACTURE_SITES[1:])
    beyond = [_shares(site, "probability", others, _at_age(world.risk, site)) for site in fracture_sites]
    return Causes(
        bone=[_shares(s, "%", world.on_density, lambda on, s=s: world.bone(on, s)) for s in SITES],
        risk=[
            _shares(s, "probability", world.players, lambda on, s=s: world.risk(on)[s])
            for s in fracture_sites
        ],
        beyond_age=beyond,
        horizon_y=known.horizon_y,
        sentence=sentence(known, next(each for each in beyond if each.of == _MAJOR), world),
        absent=[LABELS[name] for name in LABELS if name not in world.players],
        notes=list(_NOTES),
    )


_NOTES = (
    "Shares are those of the model: a cause that is not in it has no share. Nobody has measured them in one person.",
    "A cause that protects has a negative share. What was measured and is not explained by the record (the personal "
    "level), earlier fractures, body and family are in no share: they stay as they are in every comparison.",
    "Steroids and disability come together in MS, and the studies behind their separation are few.",
)


class World:
    """One person with causes turned on and off; what has been lived through is remembered."""

    def __init__(self, known: PatientState) -> None:
        self.known = known
        self.switches = Switches(known)
        self.players = self.switches.present
        self.on_density = self.switches.on_density
        marched = {on: self.switches.density(on) for on in coalitions(self.on_density, 2)}
        strongest = _strongest(self.on_density, marched)
        marched[strongest] = self.switches.density(strongest)
        self._density = {site: expanded({on: each[site] for on, each in marched.items()}) for site in SITES}
        self._risks: dict[Coalition, dict[str, Array]] = {}

    def log_density(self, on: Coalition) -> dict[str, Array]:
        """Logarithm of relative density by site, today and ahead [n, T]."""
        return {site: self._density[site](on) for site in SITES}

    def bone(self, on: Coalition, site: str) -> Array:
        """Density today in per cent of the healthy 30-year-old on whom nothing acts [n]."""
        who = self.known.seen.who
        return PER_CENT * np.exp(self._density[site](on)[:, 0] - self._density[site](frozenset())[:, 0])[who]

    def risk(self, on: Coalition) -> dict[str, Array]:
        """The chance of a fracture within the horizon, by site [n]."""
        if on not in self._risks:
            bones = self.switches.bones(on, self.log_density(on))
            horizon = (self.known.horizon_y,)
            exposure = self.switches.exposure(on)
            found = course.outcomes(bones, self.known.level, exposure, self.known.sample, horizon)
            self._risks[on] = {site: values[:, 0] for site, values in found.fracture.items()}
        return self._risks[on]


def _strongest(players: Sequence[str], marched: Mapping[Coalition, Mapping[str, Array]]) -> Coalition:
    """The three causes that do most to density by the horizon, alone."""

    def alone(player: str) -> float:
        both = (marched[on] for on in (frozenset({player}), frozenset()))
        with_it, without = (np.stack([each[site][:, -1] for site in SITES]) for each in both)
        return float(np.abs(with_it - without).mean())

    return frozenset(sorted(players, key=alone)[-_TOGETHER:])


def _at_age(risk: Callable[[Coalition], dict[str, Array]], site: str) -> Callable[[Coalition], Array]:
    """The chance at the age that the person has."""
    return lambda on: risk(on | {"ageing"})[site]


def _shares(of: str, unit: str, players: Sequence[str], value: Callable[[Coalition], Array]) -> CausesOf:
    """The shares of all players, and what they make together."""
    shares = shapley(players, value)
    total = value(frozenset(players)) - value(frozenset())
    return CausesOf(
        of=of,
        unit=unit,
        total=interval(total),
        mean=float(total.mean()),
        shares=[
            Share(cause=name, label=LABELS[name], share=interval(each), mean=float(each.mean()))
            for name, each in shares.items()
        ],
    )


def sentence(known: PatientState, beyond: CausesOf, world: World) -> str:
    """How much is due to the disease itself, as the article asks."""
    risk = PER_CENT * np.median(world.risk(frozenset(world.players))[_MAJOR])
    alone = PER_CENT * np.median(world.risk(frozenset({"ageing"}))[_MAJOR])
    opening = (
        f"Of 100 people like this one, {_of_100(risk)} break a hip, the spine, a forearm or an upper arm within "
        f"{known.horizon_y:g} years; {_of_100(alone)} would at the same age without any of the causes below."
    )
    by_ms = [each for each in beyond.shares if each.cause in BY_MS]
    others = [each for each in beyond.shares if each.cause not in BY_MS]
    rest = f" Other causes: {_listed(others)}." if others else ""
    if known.person.ms is None or not by_ms:
        return opening + rest
    return (
        f"{opening} At the same age MS adds to it through other things: {_listed(by_ms)}. Nothing is left for the"
        f" disease itself: the model has no effect of MS beyond these.{rest}"
    )


def _listed(shares: Sequence[Share]) -> str:
    """Shares in people of 100, with their intervals."""
    return ", ".join(f"{each.label} {_people(each)}" for each in shares)


def _people(share: Share) -> str:
    """A share in people of 100 with its interval; what rounds to nobody is told as that."""
    low, median, high = (PER_CENT * each for each in (share.share.low, share.share.median, share.share.high))
    if max(abs(low), abs(high)) < _FINEST / 2.0:
        return f"less than {_FINEST:g}"
    sign = "+" if median >= _FINEST / 2.0 else ""
    return f"{sign}{_figure(median)} ({_figure(low)} to {_figure(high)})"


def _of_100(people: float) -> str:
    """A chance in people of 100: some always stay on the other side."""
    if people < _FINEST:
        return f"fewer than {_FINEST:g}"
    return _figure(people) if people < _MOST else f"more than {_MOST:g}"


def _figure(people: float) -> str:
    """Two figures, and a tenth of a person as the finest."""
    rounded = round(people, 1)
    return f"{people:.0f}" if abs(rounded) >= 10.0 else f"{rounded:g}"
