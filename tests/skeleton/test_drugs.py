"""The drugs of the skeleton: each a row of the vocabulary, and none of them silent."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from people import CENTRAL, EVIDENCE, TODAY, person

from trabecula.skeleton import SITES, DoseRefused, simulate
from trabecula.skeleton.drugs import Daily, given, taken
from trabecula.skeleton.inputs import segments
from trabecula.timeline import Bolus, Timeline, build_timeline
from trabecula.units import days_since_birth
from trabecula.vocabulary import BONE_DRUGS, HORMONES, OTHER_DRUGS, bone_classes, medicines

MODELLED = [key for key, row in BONE_DRUGS.items() if row.modelled]
WITHIN = [key for key, row in OTHER_DRUGS.items() if row.supplement]
"""Supplements, which the skeleton computes together with other causes."""
KINDS = (*bone_classes(), "calcium", "vitamin_d")
FOR_BONE = sorted(key for key, row in medicines().items() if row.drug_class in KINDS)
WOMAN_62 = {"birth_date": date(1958, 1, 1), "menopause": {"age_y": 50}}
DAYS = [days_since_birth(TODAY, WOMAN_62["birth_date"]) + 365.0 * year for year in range(11)]


def timeline_of(**record: object) -> Timeline:
    """Ten years of a woman after the menopause."""
    return build_timeline(person(**WOMAN_62, **record), EVIDENCE, TODAY, date(2031, 1, 1), DAYS)


def taking(drug: str) -> Timeline:
    """The same with a drug as on its label, from the day of assessment on."""
    if drug == "hormone_therapy":
        return timeline_of(hormone_therapy=[{"start": TODAY}])
    return timeline_of(medicines=[{"drug": drug, "start": TODAY}])


def parameters(drug: str) -> set[str]:
    """The parameters by which a drug enters the skeleton."""
    ways = [way for way in (taken(drug), given(drug)) if way is not None]
    return {text for way in ways for text in vars(way).values() if isinstance(text, str)}


@pytest.mark.parametrize("drug", [*MODELLED, *WITHIN, "estradiol"])
def test_every_row_says_what_its_drug_does_and_what_is_not_modelled(drug):
    """It is what a reader is told of the drug."""
    row = medicines().get(drug) or HORMONES[drug]
    assert "Not modelled:" in row.about


@pytest.mark.parametrize("drug", MODELLED)
def test_every_parameter_of_a_drug_is_in_the_registry(drug):
    """No drug acts by a number that nobody has written down."""
    found = parameters(drug)
    assert found
    assert found == {EVIDENCE[name].id for name in found}


def test_each_parameter_of_the_entry_of_a_drug_belongs_to_a_row():
    """Potencies, infusions and limits of doses that the registry has are all used."""
    named = {name for drug in MODELLED for name in parameters(drug)}
    entries = {
        name
        for name in EVIDENCE
        if name.startswith(("skeleton.drug.bisphosphonate.potency_", "skeleton.drug.bisphosphonate.infused_"))
        or (name.startswith("skeleton.drug.") and name.endswith(".most_mg"))
    }
    assert entries <= named


@pytest.mark.parametrize("drug", FOR_BONE)
def test_every_bone_drug_either_acts_or_is_said_to_have_no_effect(drug):
    """Silence would look like an effect, or hide one."""
    said = {str(gap.what) for gap in taking(drug).assumptions}
    assert (drug in [*MODELLED, *WITHIN]) != (f"effect of {drug} on bone" in said)


@pytest.mark.parametrize("drug", [*MODELLED, *WITHIN, "hormone_therapy"])
def test_every_drug_here_moves_density_up_by_the_next_year(drug):
    """Each has some way into the skeleton, and all of them are given to keep bone."""
    untreated = simulate(timeline_of(), CENTRAL, DAYS[1:2])
    treated = simulate(taking(drug), CENTRAL, DAYS[1:2])
    assert treated.density["lumbar_spine"] > untreated.density["lumbar_spine"]


def test_a_drug_of_unknown_name_changes_nothing():
    """What the model does not know it leaves alone, tablet or infusion."""
    plain = taking("alendronate")
    with_unknown = replace(
        plain,
        drug_mg_per_day={**plain.drug_mg_per_day, "unobtainium": np.full(len(plain.edges_d) - 1, 70.0)},
        boluses=(Bolus(float(plain.edges_d[1]), "unobtainium", 1e9),),
    )
    before, after = segments(plain, CENTRAL), segments(with_unknown, CENTRAL)
    assert np.array_equal(before.start, after.start)
    assert np.array_equal(before.end, after.end)
    assert np.array_equal(before.dose, after.dose)


def test_a_drug_that_nobody_takes_leaves_no_trace_among_the_evidence():
    """An answer names the numbers that it rests on: those of a tablet only where somebody takes it."""
    named = {}
    for drug in ("alendronate", "risedronate"):
        evidence = EVIDENCE.fresh()
        segments(taking(drug), evidence.draws(2))
        named[drug] = {name for name in evidence.used() if "potency" in name or "daily_dose" in name}
    assert named == {"alendronate": parameters("alendronate"), "risedronate": parameters("risedronate")}


def test_a_drug_may_fill_the_channel_of_another_with_a_strength_of_its_own():
    """A labelled dose counts as one of the drug after which the channel is called, unless its row says otherwise."""
    dose, potency = "timeline.medicine.teriparatide.daily_dose", "skeleton.drug.bisphosphonate.potency_risedronate"
    mg_per_day = np.array([0.0, 0.02, 0.01])
    assert Daily(0, dose).level(mg_per_day, CENTRAL)[0] == pytest.approx([0.0, 1.0, 0.5])
    strength = CENTRAL[potency][0]
    assert Daily(0, dose, potency).level(mg_per_day, CENTRAL)[0] == pytest.approx([0.0, strength, strength / 2.0])


def test_both_forms_of_ibandronate_reach_the_same_bone():
    """Tablets fill the channel of oral bisphosphonates, injections the same skeletal pool at once."""
    injected = timeline_of(medicines=[{"drug": "ibandronate", "start": TODAY, "dose_mg": 3.0, "per": "3 months"}])
    assert segments(taking("ibandronate"), CENTRAL).dose.max() == 0.0
    assert segments(injected, CENTRAL).dose[0, :, 0].max() > 0.0


@pytest.mark.parametrize("drug", [drug for drug in MODELLED if given(drug)])
def test_a_dose_a_thousand_times_the_label_is_refused(drug):
    """Milligrams written as micrograms are an error of unit, not a therapy."""
    grams = timeline_of(medicines=[{"drug": drug, "start": TODAY, "dose_mg": 1000.0, "per": "3 months"}])
    absurd = replace(grams, boluses=tuple(replace(each, amount_mg=1e5) for each in grams.boluses))
    assert absurd.boluses
    with pytest.raises(DoseRefused, match=f"{drug}: 100,000 mg in one dose"):
        segments(absurd, CENTRAL)


class TestQuality:
    """Living osteocytes as the quality of bone beyond density."""

    def test_it_is_whole_while_no_steroid_is_taken(self):
        """Age and menopause alone kill no osteocyte in this model."""
        quality = simulate(timeline_of(), CENTRAL, DAYS).quality
        assert tuple(quality) == SITES
        assert all((quality[site] == 1.0).all() for site in SITES)

    @pytest.mark.parametrize("site", SITES)
    def test_steroids_lower_it_the_more_the_higher_the_dose(self, site):
        """Twenty milligrams a day kill more osteocytes than five, and both some."""
        five, twenty = (
            simulate(
                timeline_of(steroids=[{"drug": "prednisone", "dose_mg": dose, "start": TODAY}]), CENTRAL, DAYS
            ).quality[site][0, 1:]
            for dose in (5.0, 20.0)
        )
        assert (twenty < five).all()
        assert (five < 1.0).all()

    @pytest.mark.parametrize("drug", [*FOR_BONE, "prednisone"])
    def test_nothing_raises_it_above_the_whole(self, drug):
        """No drug makes more living cells than a healthy bone has, nor fewer than none."""
        exposed = (
            timeline_of(steroids=[{"drug": drug, "dose_mg": 100.0, "start": TODAY}])
            if drug == "prednisone"
            else taking(drug)
        )
        quality = simulate(exposed, EVIDENCE.draws(5, 1), DAYS).quality
        assert all(((quality[site] > 0.0) & (quality[site] <= 1.0)).all() for site in SITES)

    def test_it_recovers_after_the_last_tablet(self):
        """Bone is renewed, and with it its cells."""
        year = {"drug": "prednisone", "dose_mg": 20.0, "start": TODAY, "end": "2020-12-31"}
        quality = simulate(timeline_of(steroids=[year]), CENTRAL, DAYS).quality["lumbar_spine"][0]
        assert quality[1] < quality[5] < quality[10] < 1.0
