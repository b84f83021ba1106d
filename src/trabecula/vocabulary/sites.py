"""Rows about bones: sites of fractures, the groups in which they are counted, and the sites of density scans.

    FRACTURE_SITES["hip"].bone
    sites_of("major_osteoporotic")

A row says which of the registry's numbers are this site's, by name: a new site is a row here, or in an overlay folder,
and its own numbers (`FractureSite` says which).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import ClassVar

from pydantic import model_validator

from trabecula.vocabulary.rows import Concept, ConceptTable
from trabecula.words.message import Message, verbatim

SEXES = ("women", "men")
"""How the registry names the sexes of a population."""


def _of_either_sex(name: str) -> tuple[str, ...]:
    """A parameter that is common to both sexes, or one of two."""
    return (name, *(f"{name}.{sex}" for sex in SEXES))


class FractureSite(Concept):
    """A site of fractures. A default is that of a limb of which nothing is known by itself.

    By its own key it has `fracture.gradient.<site>`, `fracture.residual.<site>` and, for each sex,
    `fracture.shape.<site>.*` with `fracture.level.<country>.<site>.*`, or `fracture.baseline.<country>.<site>.*`.
    """

    kind: ClassVar[str] = "fracture"
    bone: str = ""
    """The scanned bone whose density foretells its fractures; every followed site has one."""
    groups: tuple[str, ...] = ()
    """The groups in which it is counted."""
    foretells_fully: bool = False
    """An earlier fracture here foretells the next one with its whole ratio; elsewhere with a part of it."""
    central: bool = False
    """One of the sites that guidelines call central."""
    fall_share: str = "limb"
    """Whose share of fractures follows a fall: `fall.share.<name>`, for each sex where there are two."""
    factors: str = "other"
    """Whose ratios of risk factors and earlier fractures it has: `fracture.factor.<factor>.<name>`."""
    steroids: str = "other"
    """Whose curve over the daily dose it has: `fracture.steroid.<name>`."""
    seated: str = "other"
    """Whose ratio it has in people who sit all day: `fracture.seated.<name>`."""
    joint: str = "other"
    """Whose mean of the joint parts it has: `fracture.joint.<name>.*`."""
    turned: bool = False
    """Whether the table of a country may turn its shape over age: `fracture.turn.<country>.*`."""
    picture: int | None = None
    """The order of its panel in the picture of chances; no panel without."""
    followed: bool = True
    """Whether it has a hazard of its own; one that has not is read as an earlier fracture, and no more."""
    osteopenic: bool = False
    """Whether a fragility fracture here means osteoporosis in who has a T-score of -1 to -2.5 (Siris 2014)."""
    fragile: bool = True
    """Whether a break of low force here counts as a fragility fracture; of hands, feet, face and skull it does not."""

    links: ClassVar[Mapping[str, str]] = {"bone": "skeletal_sites", "groups": "fracture_groups"}

    def needs(self) -> Iterator[tuple[str, ...]]:
        """What a hazard is made of, by the key and by the names in the row."""
        if not self.followed:
            return
        yield _of_either_sex(f"fracture.gradient.{self.key}")
        yield _of_either_sex(f"fall.share.{self.fall_share}")
        yield (f"fracture.residual.{self.key}",)
        yield (f"fracture.prior.by_age.{self.factors}",)
        yield (f"fracture.steroid.{self.steroids}",)
        yield (f"fracture.seated.{self.seated}",)
        for sex in SEXES:
            yield (f"fracture.joint.{self.joint}.{sex}",)
            if self.key != "hip":  # whose rates every country prints itself
                yield (f"fracture.shape.{self.key}.{sex}",)

    @model_validator(mode="after")
    def _has_its_bone(self) -> "FractureSite":
        """A hazard needs a bone whose density speaks for it."""
        if self.followed and not self.bone:
            raise ValueError("a bone for a site that is followed: one of skeletal_sites.yaml")
        return self


class FractureGroup(Concept):
    """Sites that are counted together; `FractureSite.groups` says which."""

    kind: ClassVar[str] = "fracture"
    answered: bool = False
    """Whether an assessment gives its risk; the others are endpoints of published studies."""
    picture: int | None = None
    """The order of its panel in the picture of chances."""


class SkeletalSite(Concept):
    """A site of a density scan."""

    kind: ClassVar[str] = "bone"
    simulated: bool = False
    """Whether the model follows its bone; a scan elsewhere is read and not used."""
    breaks_as: str
    """The site of a fracture that is recorded with this body site."""
    links: ClassVar[Mapping[str, str]] = {"breaks_as": "fracture_sites"}


FRACTURE_SITES = ConceptTable("fracture_sites", FractureSite)
"""Every site that a record may name, in the order of tables."""
FRACTURE_GROUPS = ConceptTable("fracture_groups", FractureGroup)
"""Groups of sites."""
SKELETAL_SITES = ConceptTable("skeletal_sites", SkeletalSite)
"""Sites of density scans; those that are simulated have the order of the skeleton's states."""


@cache
def followed_sites() -> Mapping[str, FractureSite]:
    """The sites that have a hazard."""
    return {key: site for key, site in FRACTURE_SITES.items() if site.followed}


@cache
def simulated_sites() -> tuple[str, ...]:
    """The bones whose density the model follows."""
    return tuple(key for key, site in SKELETAL_SITES.items() if site.simulated)


@cache
def sites_of(name: str) -> tuple[str, ...]:
    """The followed sites of a group, in the order of the table; a single site stands for itself."""
    followed = followed_sites()
    return (name,) if name in followed else tuple(key for key, site in followed.items() if name in site.groups)


@cache
def answered_groups() -> Mapping[str, tuple[str, ...]]:
    """What an assessment answers for before the other single sites: the hip, then the groups, with their sites."""
    groups = (key for key, group in FRACTURE_GROUPS.items() if group.answered)
    return {name: sites_of(name) for name in ("hip", *groups)}


@cache
def tabled_sites() -> tuple[str, ...]:
    """What an assessment answers for, in the order of a table: single sites, then what they make together."""
    return (*followed_sites(), *(key for key, group in FRACTURE_GROUPS.items() if group.answered))


@cache
def pictured_sites() -> tuple[str, ...]:
    """The sites and groups that have a panel in the picture of chances, in order."""
    rows: list[FractureSite | FractureGroup] = [*FRACTURE_GROUPS.values(), *followed_sites().values()]
    ranked = [(row.picture, row.key) for row in rows if row.picture is not None]
    return tuple(key for _, key in sorted(ranked))


def site_name(key: str) -> Message:
    """What a site or group of fractures, or a site of density scans, is called; one without a row by its key."""
    names = (table[key].name for table in (FRACTURE_SITES, FRACTURE_GROUPS, SKELETAL_SITES) if key in table)
    return next(names, verbatim(key.replace("_", " ")))
