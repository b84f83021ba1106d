"""The causes: how much each has done to density so far, and does to the chance of a fracture.

The same person is lived through again without some of the causes (`causes_switches`), and Shapley shares divide the
difference so that it adds up exactly. The draws are those of the assessment. Density is marched for every pair of
causes and for the three strongest together; what other threes do beyond pairs is left out (a test holds it small). The
personal level, earlier fractures, body and family are part of the person in every world, so that they are in no share.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from trabecula import course
from trabecula.assessment.answer import model_notes
from trabecula.assessment.causes_lives import Lives
from trabecula.assessment.causes_shapley import Coalition, coalitions, expanded, shapley
from trabecula.assessment.causes_switches import CAUSES, Switches
from trabecula.assessment.figures import interval
from trabecula.assessment.patient_state import PatientState
from trabecula.assessment.results import Causes, CausesOf, Share
from trabecula.fracture import GROUPS, Exposure
from trabecula.fracture import SITES as FRACTURE_SITES
from trabecula.skeleton import SITES
from trabecula.units import PER_CENT, Array
from trabecula.vocabulary import stand_in_note, tables_for
from trabecula.words.message import Message

BY_MS = ("unloading", "falls", "oral_steroids", "pulses")
"""The ways in which MS reaches bone here: load, falls and its treatment."""
_MAJOR = "major_osteoporotic"
_FINEST, _MOST = 0.1, 99.0  # of 100 people, what is told apart from nobody and everybody
_NOT_IN_AN_EXPOSURE = frozenset({"unloading", "nutrition"})
"""Causes that reach a fracture through density alone."""
_TOGETHER = 3  # how many of the strongest causes are lived through together


def causes(known: PatientState, told: Callable[[float], None] = lambda _: None) -> Causes:
    """The shares of all causes, by site of bone and of fracture.

    told: hears again and again how much of the work is done, a share, for whoever waits.

    Chances come twice: against the same person at 30 on whom nothing acts, with ageing as one of the causes; and
    against the same person at the same age, which is what the sentence is about.
    """
    world = World(known, told)
    others = [cause for cause in world.players if cause != "ageing"]
    fracture_sites = (*GROUPS, *FRACTURE_SITES[1:])
    aged = frozenset({"ageing"})
    beyond = [_shares(s, "probability", others, lambda on, s=s: world.risk(on | aged)[s]) for s in fracture_sites]
    return Causes(
        bone=[_shares(s, "%", world.on_density, lambda on, s=s: world.bone(on, s)) for s in SITES],
        risk=[_shares(s, "probability", world.players, lambda on, s=s: world.risk(on)[s]) for s in fracture_sites],
        beyond_age=beyond,
        horizon_y=known.horizon_y,
        sentence=sentence(known, next(of for of in beyond if of.of == _MAJOR), world),
        absent=[label(cause) for cause in CAUSES if cause not in world.players],
        notes=[
            *model_notes(known.model),
            *_stand_in(known),
            *(Message(f"cause.note.{name}") for name in ("of_the_model", "in_no_share", "few_studies")),
        ],
    )


def _stand_in(known: PatientState) -> list[Message]:
    """That another country's rates stand in, where they do."""
    note = stand_in_note(*tables_for(known.person.country, known.person.stand_in))
    return [note] if note else []


def label(cause: str) -> Message:
    """What a cause is called."""
    return Message(f"cause.{cause}")


class World:
    """One person with causes turned on and off; what has been lived through is remembered.

    players: all causes that the person has; on_density: those of them that act on density.
    """

    def __init__(self, known: PatientState, told: Callable[[float], None] = lambda _: None) -> None:
        """Marches density for all pairs of causes and for the three strongest together: the slow part."""
        self.known, self._told, self._done = known, told, 0
        self.switches = Switches(known)
        self.players = self.switches.present
        self.on_density = self.switches.on_density
        self._hazards = known.sample.model.hazards.remembering()
        self._exposures: dict[Coalition, Exposure] = {}
        pairs = list(coalitions(self.on_density, 2))
        self._all = len(pairs) + 1 + 2 ** len(self.players)
        lives = Lives(self.switches)
        marched = {on: self._step(lives.log_density(on)) for on in pairs}
        strongest = _strongest(self.on_density, marched)
        marched[strongest] = self._step(lives.log_density(strongest))
        self._density = {site: expanded({on: density[site] for on, density in marched.items()}) for site in SITES}
        self._risks: dict[Coalition, Mapping[str, Array]] = {}

    def _step(self, found: Mapping[str, Array]) -> Mapping[str, Array]:
        """What was lived through, once it has been told that it is done."""
        self._done += 1
        self._told(self._done / self._all)
        return found

    def log_density(self, on: Coalition) -> dict[str, Array]:
        """Logarithm of relative density by site, today and ahead [n, T]."""
        return {site: self._density[site](on) for site in SITES}

    def bone(self, on: Coalition, site: str) -> Array:
        """Density today in per cent of the healthy 30-year-old on whom nothing acts [n]."""
        who = self.known.seen.who
        return PER_CENT * np.exp(self._density[site](on)[:, 0] - self._density[site](frozenset())[:, 0])[who]

    def risk(self, on: Coalition) -> Mapping[str, Array]:
        """The chance of a fracture within the horizon, by site [n]."""
        if on not in self._risks:
            bones = self.switches.bones(on, self.log_density(on))
            horizon = (self.known.horizon_y,)
            known, exposure = self.known, self._exposure(on - _NOT_IN_AN_EXPOSURE)
            found = course.first_fractures(bones, known.level, exposure, known.sample, horizon, self._hazards)
            self._risks[on] = self._step({site: values[:, 0] for site, values in found.items()})
        return self._risks[on]

    def _exposure(self, on: Coalition) -> Exposure:
        """What the person brings to a fracture beside density, made once."""
        if on not in self._exposures:
            self._exposures[on] = self.switches.exposure(on)
        return self._exposures[on]


def _strongest(players: Sequence[str], marched: Mapping[Coalition, Mapping[str, Array]]) -> Coalition:
    """The three causes that do most to density by the horizon, alone."""

    def alone(player: str) -> float:
        """How far a cause moves log density by the horizon, over sites and draws."""
        both = (marched[on] for on in (frozenset({player}), frozenset()))
        with_it, without = (np.stack([density[site][:, -1] for site in SITES]) for density in both)
        return float(np.abs(with_it - without).mean())

    return frozenset(sorted(players, key=alone)[-_TOGETHER:])


def _shares(of: str, unit: str, players: Sequence[str], value: Callable[[Coalition], Array]) -> CausesOf:
    """The shares of all players [unit], and what they make together: value(all) - value(none) in each draw."""
    shares = shapley(players, value)
    total = value(frozenset(players)) - value(frozenset())
    return CausesOf(
        of=of,
        unit=unit,
        total=interval(total),
        mean=float(total.mean()),
        shares=[
            Share(cause=name, label=label(name), share=interval(share), mean=float(share.mean()))
            for name, share in shares.items()
        ],
    )


def sentence(known: PatientState, beyond: CausesOf, world: World) -> Message:
    """How much is due to the disease itself, as the article asks.

    Means over the draws; the model has no effect of MS but through load, falls and treatment (`BY_MS`).
    """
    risk = PER_CENT * float(np.mean(world.risk(frozenset(world.players))[_MAJOR]))
    alone = PER_CENT * float(np.mean(world.risk(frozenset({"ageing"}))[_MAJOR]))
    values = {"people": _of_100(risk), "years": known.horizon_y, "without": _of_100(alone)}
    said = Message("cause.of_100", values)
    by_ms = [share for share in beyond.shares if share.cause in BY_MS]
    others = [share for share in beyond.shares if share.cause not in BY_MS]
    if known.person.ms is not None and by_ms:
        said = Message("cause.by_ms", {"said": said, "shares": _listed(by_ms)})
    return Message("cause.others", {"said": said, "shares": _listed(others)}) if others else said


def _listed(shares: Sequence[Share]) -> list[Message]:
    """Shares in people of 100, with their intervals."""
    return [Message("cause.share", {"cause": share.label, "people": _people(share)}) for share in shares]


def _people(share: Share) -> Message:
    """A share in people of 100 with its interval; what rounds to nobody is told as that."""
    low, middle, high = (PER_CENT * end for end in (share.share.low, share.share.mean, share.share.high))
    if max(abs(low), abs(high)) < _FINEST / 2.0:
        return Message("cause.less_than", {"people": _FINEST})
    name = "cause.more" if middle >= _FINEST / 2.0 else "cause.fewer"
    return Message(name, {"people": _figure(middle), "low": _figure(low), "high": _figure(high)})


def _of_100(people: float) -> Message | float:
    """A chance in people of 100: some always stay on the other side."""
    if people < _FINEST:
        return Message("cause.fewer_than", {"people": _FINEST})
    return _figure(people) if people < _MOST else Message("cause.more_than", {"people": _MOST})


def _figure(people: float) -> float:
    """Two figures, and a tenth of a person as the finest."""
    rounded = round(people, 1)
    return float(f"{people:.0f}") if abs(rounded) >= 10.0 else rounded + 0.0
