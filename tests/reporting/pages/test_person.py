import re
from datetime import date

import pytest

from reporting.conftest import interval, make_assessment
from reporting.pages.conftest import advice, make_comparison, plan
from reporting.pages.test_clinician import text_of
from trabecula.assessment.results import Objection
from trabecula.guidelines.conditions import Truth
from trabecula.person import read_person
from trabecula.reporting import clinician, html, plain
from trabecula.words.language import language
from trabecula.words.message import Message, verbatim

EACH_MEDICINE = tuple(plan(name, name, -0.03, -0.04, -0.02) for name in ("alendronate", "zoledronate", "denosumab"))


def statements(context):
    """Every sentence of the page, in order."""
    return [entry for part in context["parts"] for block in part.blocks for entry in getattr(block, "entries", ())]


def prose(assessment, comparison=None):
    """What the person's page says, sentence by sentence."""
    found = plain.context(assessment, language("en"), comparison=comparison)
    said = [sentence.text for sentence in statements(found)]
    return " ".join(said).replace("\xa0", " ")


def test_a_chance_is_told_as_people(full):
    """Out of a thousand, with the range and the usual."""
    said = prose(full)
    assert "about 41 of them will break a hip" in said
    assert "It may be as few as 20 or as many as 82." in said
    assert "On average, about 18 of 1,000 people of your age and sex will break one of these bones." in said


def test_a_small_chance_is_told_out_of_the_same_thousand():
    """A page has one denominator."""
    risks = [each.model_copy(update={"risk": interval(0.004), "average": 0.003}) for each in make_assessment().risks]
    said = prose(make_assessment(risks=risks))
    assert "Think of 1,000 people like you." in said
    assert "about 4 of them" in said


def test_a_chance_that_is_too_high_has_no_figure(full, comparison):
    """Neither in words nor as a picture."""
    page = html.page_person(full.model_copy(update={"caution": verbatim("too high")}), comparison=comparison)
    assert "clearly higher than usual" in page
    assert 'id="people"' not in page


def test_what_helps_is_what_was_worked_out_or_advised(full, comparison):
    """A plan that surely helps, and the advice on activity; not what may do nothing, nor what harms."""
    said = prose(full, comparison)
    assert "Train for strength and balance." in said
    assert "about 12 fewer would break a bone (4–20)" in said
    assert "Keep moving." in said
    assert "calcium" not in said
    assert "infusion" not in said


def test_each_source_on_it_is_one_of_the_clinicians_page(full, comparison):
    """Who wants to read on asks for that page."""
    english = language("en")
    shown = {"record": 0, "model": 0}
    mine = [each.text for each in plain.context(full, english, comparison=comparison)["sources"]]
    theirs = [each.text for each in clinician.context(full, english, None, comparison)["sources"]]
    own = [each for each in mine if not each.startswith(("Your record", "Trabecula"))]
    assert len(mine) - len(own) == len(shown)
    assert set(own) <= set(theirs)


def test_what_a_choice_does_is_what_the_clinicians_page_says(to_treat):
    """Each number of fewer people stands there as percentage points with a minus, a medicine's too, and no other."""
    plans = make_comparison(
        plan("exercise", "Training", -0.012, -0.02, -0.004),
        plan("denosumab", "Denosumab", -0.05, -0.06, -0.04),
        plan("zoledronate", "Zoledronate", 0.0, 0.0, 0.0),
    )
    mine = re.findall(r"about (\d+) fewer would break a bone \((\d+)–(\d+)\)", prose(to_treat, plans))
    theirs = html_table(html.page_clinician(to_treat, comparison=plans), "plans", column=2)
    assert mine == [("12", "4", "20"), ("50", "40", "60")]
    assert theirs["Training"] == "−1.2 (−2.0 to −0.40)"
    assert theirs["Denosumab"] == "−5.0 (−6.0 to −4.0)"
    assert theirs["Zoledronate"] == "0"


@pytest.mark.parametrize("change", [(-6.6, -9.3, -4.1), (-4.2, -20, 17), (0.8, -14, 15), (6, 2, 11)])
def test_what_may_become_of_the_hip_has_the_figures_of_the_clinicians_page(change):
    """Both ends of the range stand on both pages, on their side of nothing."""
    hip = make_assessment().bone[-1].model_copy(update={"change_percent": interval(*change)})
    person = make_assessment(bone=[hip])
    theirs = clinician.context(person, language("en"))["bones"].rows[0].cells[4].range
    ends = [round(float(each.replace("−", "-"))) for each in re.findall(r"[−+]?[\d.]+", theirs)]
    said = prose(person).partition("you may lose")[2] or prose(person).partition("to lose bone in your hip.")[2]
    told = {int(each) for each in re.findall(r"\d+", said.partition("What")[0])}
    assert {abs(each) for each in ends} <= told
    assert ("gain" in said) is (max(ends) > 0)


@pytest.mark.parametrize("site", ["lumbar_spine", "femoral_neck", "total_hip"])
def test_a_scan_is_called_one_of_the_hip_where_the_clinicians_page_has_one_there(site):
    """A scan of the spine is none of the hip, on either page."""
    bone = [each.model_copy(update={"scans": int(each.site == site)}) for each in make_assessment().bone]
    rows = clinician.context(make_assessment(bone=bone), language("en"))["bones"].rows
    scanned = {row.label for row in rows if row.note != "no scan"}
    known = how_it_knows(scanned=(site,)) == "We know this from your bone scan."
    assert known is bool(scanned & {"Total hip", "Femoral neck"})


@pytest.mark.parametrize(("age", "asked"), [(44.2, True), (95.0, False)])
def test_a_woman_of_95_is_not_asked_whether_her_periods_go_on(age, asked):
    """When they stopped may still matter."""
    gap = make_assessment().missing[0].model_copy(update={"what": Message("gap.menopause")})
    person = make_assessment().person.model_copy(update={"age_y": age})
    said = prose(make_assessment(missing=[gap], person=person))
    assert ("Have your periods stopped? If so, when?" in said) is asked
    assert ("When did your periods stop?" in said) is not asked


def test_every_chance_on_it_is_that_of_the_clinicians_page(full):
    """The same numbers, rounded to people."""
    risk = next(each for each in full.risks if (each.site, each.horizon_y) == ("major_osteoporotic", 10.0))
    assert f"about {round(1000 * risk.risk.mean)} of them" in prose(full)


def test_what_adds_to_the_chance_is_what_the_clinicians_page_has(full):
    """The same causes with the same numbers: here in people, there in percentage points beside density."""
    mine = html_table(html.page_person(full), "why")
    theirs = html_table(html.page_clinician(full), "causes")
    assert mine["Falls because of MS"] == "20 more (10–40)"
    assert theirs["falls due to MS"] == "+2.0 (+1.0 to +4.0)"
    assert mine["Short courses of steroids"] == "4 more (2–8)"
    assert theirs["steroid pulses"] == "+0.4 (+0.2 to +0.8)"
    assert len(mine) <= len(theirs)


def html_table(page, name, column=1):
    """The head of each row of the table behind a picture, and one of its cells."""
    table = page.split(f'id="{name}-table"')[1].split("</table>")[0]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table)
    return {text_of(head): text_of(re.findall(r"<td>(.*?)</td>", cells)[column - 1]) for head, cells in rows}


def test_causes_have_no_number_where_the_chance_has_none(full):
    """Only what adds most, by name."""
    careful = full.model_copy(update={"caution": verbatim("too high")})
    said = prose(careful)
    assert "We cannot say how much each one adds." in said
    assert "Falls because of MS." in said
    assert 'id="why"' not in html.page_person(careful)


def test_what_took_bone_is_told_with_its_range(full):
    """The question that people who had infusions ask."""
    share = (
        full.causes.bone[0]
        .shares[0]
        .model_copy(update={"cause": "pulses", "share": interval(-0.4, -0.6, -0.2), "mean": -0.4})
    )
    bone = full.causes.bone[0].model_copy(update={"shares": [share]})
    said = prose(full.model_copy(update={"causes": full.causes.model_copy(update={"bone": [bone]})}))
    assert "you have lost about 0.4 percent of the bone in your hip so far. It could be 0.2–0.6 percent." in said


def test_a_page_without_causes_says_nothing_of_them(full):
    """A quick report."""
    assert "What adds to your chance of a break" not in html.page_person(full.model_copy(update={"causes": None}))


def test_what_helps_has_no_number_where_the_chance_has_none(full, comparison):
    """Nor has what is done against it."""
    careful = full.model_copy(update={"caution": verbatim("too high")})
    assert "Train for strength and balance." in prose(careful, comparison)
    assert "fewer will break" not in prose(careful, comparison)


@pytest.fixture
def to_treat(full):
    """The same person, and a guideline that speaks for a bone medicine."""
    return full.model_copy(update={"advice": [*full.advice, advice("bhof_1", "Start drug treatment.")]})


def test_a_medicine_stands_behind_what_one_can_do(to_treat):
    """And only as something to ask for, unless something warns of it."""
    warned = Objection(rule="x", reason="Two at once.", found="", source="")
    plans = make_comparison(
        plan("zoledronate", "Zoledronate", -0.03, -0.04, -0.02),
        plan("exercise", "Training", -0.01, -0.02, -0.005),
        plan("alendronate", "Alendronate", -0.03, -0.04, -0.02, warnings=[warned]),
    )
    said = prose(to_treat, plans)
    assert said.index("Train for strength") < said.index("one drip (infusion) a year. Ask your doctor if you need it.")
    assert "tablet each week" not in said


@pytest.mark.parametrize("verdict", [Truth.FALSE, Truth.UNKNOWN])
def test_nobody_is_offered_a_medicine_that_no_guideline_speaks_for(full, verdict):
    """A medicine lowers the chance of a healthy man of 18 too; what he can do himself is still told."""
    rule = advice("bhof_1", "Start drug treatment.", verdict)
    person = full.model_copy(update={"advice": [rule]})
    said = prose(person, make_comparison(*EACH_MEDICINE, plan("exercise", "Training", -0.01, -0.02, -0.005)))
    assert "bone medicine" not in said
    assert "Train for strength" in said


def test_every_medicine_is_something_to_ask_for(to_treat):
    """Tablet, drip and shot alike."""
    assert prose(to_treat, make_comparison(*EACH_MEDICINE)).count("Ask your doctor if you need it.") == 3


def test_every_source_of_the_page_is_used(full, comparison):
    """What is left out for want of room leaves no source behind."""
    found = plain.context(full, language("en"), comparison=comparison)
    used = {n for sentence in statements(found) for n in sentence.marks}
    assert used == set(range(1, len(found["sources"]) + 1))


def test_what_the_record_does_not_say_becomes_a_question():
    """Falls are asked for when nobody wrote them down."""
    gap = make_assessment().missing[0].model_copy(update={"what": Message("gap.falls")})
    assert "How often did you fall in the last year?" in prose(make_assessment(missing=[gap]))


def test_a_hip_without_a_scan_is_called_a_guess():
    """The page says how it knows."""
    assert how_it_knows(scanned=()) == "We know of no bone scan. So this is an estimate."


@pytest.mark.parametrize("site", ["total_hip", "femoral_neck"])
def test_a_hip_that_was_scanned_is_known(site):
    """The neck of the femur is a part of the hip."""
    assert how_it_knows(scanned=(site,)) == "We know this from your bone scan."


def test_a_scan_of_the_spine_says_nothing_of_the_hip():
    """It is not called a scan of the hip, and not called none."""
    assert how_it_knows(scanned=("lumbar_spine",)).startswith("You have had a scan of another bone")


@pytest.mark.parametrize(("day", "words"), [("2025-11-03", "a scan of another bone"), ("2027-01-01", "no bone scan")])
def test_a_scan_of_the_wrist_is_known_from_the_record(day, words):
    """The model has no use for it, and nobody is told that there is none; what lies ahead is none yet."""
    scan = {"date": day, "site": "radius", "t_score": -3.4}
    record = read_person({"birth_date": "1982-03-14", "sex": "female", "dxa": [scan]}, date(2027, 6, 1))
    assert words in how_it_knows(scanned=(), person=record)


def how_it_knows(scanned, person=None):
    """The sentence about scans, with these sites scanned."""
    bone = [each.model_copy(update={"scans": int(each.site in scanned)}) for each in make_assessment().bone]
    found = plain.context(make_assessment(bone=bone), language("en"), person)
    (said,) = (part.blocks[0].entries for part in found["parts"] if part.name == "bones")
    return next(each.text for each in said if "scan" in each.text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((-6.6, -9.3, -4.1), "you may lose about 7 percent of the bone in your hip. It could be 4–9 percent."),
        ((-4.2, -20, 17), "hip. It could be anywhere between a loss of 20 percent and a gain of 17 percent."),
        ((0.8, -14, 15), "lose bone in your hip. It could be anywhere between a loss of 14 percent and a gain"),
        ((6, 2, 11), "we do not expect you to lose bone in your hip. You could gain 2–11 percent."),
        ((-0.3, -3.2, 0.2), "lose bone in your hip. It could be anywhere between a loss of 3 percent and"),
    ],
)  # fmt: skip
def test_what_may_become_of_the_hip_is_told_with_its_whole_range(change, words):
    """A gain that is possible is not cut off, and a loss that is possible is not left out."""
    hip = make_assessment().bone[-1].model_copy(update={"change_percent": interval(*change)})
    assert words in prose(make_assessment(bone=[hip]))


def test_a_rule_that_does_not_apply_is_not_told():
    """Only what holds becomes advice."""
    unknown = make_assessment(advice=[advice("ms_8", "Exercise.", Truth.UNKNOWN)])
    assert "Keep moving" not in prose(unknown)


def test_the_picture_of_people_has_a_text_and_a_table(full):
    """Who cannot see it reads the same."""
    page = html.page_person(full)
    assert "About 41 of 1,000 people break a bone. It could be as few as 20 or as many as 82." in text_of(page)
    assert "<caption" in page


def test_a_scenario_is_no_advice(full):
    """That disability could stay as it is helps nobody to do something."""
    better = make_comparison(plan("edss-stable", "Disability stays as it is", -0.02, -0.03, -0.01))
    assert "fewer will break" not in prose(full, better)


def of_somebody(**record):
    """A person of the record."""
    return read_person({"birth_date": "1959-10-30", "sex": "female", **record}, date(2026, 11, 22))


def written(assessment, person=None, comparison=None):
    """What a reader sees of the page, in order."""
    return text_of(html.page_person(assessment, "en", person, comparison))


DENOSUMAB = {"drug": "denosumab", "start": "2022-02-14", "dose_mg": 60, "per": "6 months"}


def test_denosumab_is_the_first_sentence_about_whoever_gets_it(full):
    """Never late, never stopped alone: before any number."""
    first = plain.context(full, language("en"), of_somebody(medicines=[DENOSUMAB]))["conclusion"][0].text
    assert first.startswith(
        "You get denosumab injections. Have each one on time, never late. Never stop it on your own"
    )
    stopped = of_somebody(medicines=[{**DENOSUMAB, "end": "2024-02-14"}])
    assert plain.context(full, language("en"), stopped)["conclusion"] == []


def test_what_is_urgent_comes_before_everything(concluded):
    """A late injection is told once, as the conclusion has it, with what to do now."""
    said = plain.context(concluded(urgent="denosumab"), language("en"), of_somebody(medicines=[DENOSUMAB]))[
        "conclusion"
    ]
    assert said[0].text.startswith("Your denosumab injection is late: ring the clinic now")
    assert not any("You get denosumab" in sentence.text for sentence in said)


def test_medicines_stand_by_name_beside_never_stop_one_alone(full):
    """Who reads that medicines add to a chance must know which, and not stop them."""
    medicines = [{"drug": "sertraline", "start": "2021-02"}, DENOSUMAB]
    share = full.causes.beyond_age[0].shares[0].model_copy(update={"cause": "medicines"})
    risk = full.causes.beyond_age[0].model_copy(update={"shares": [share]})
    found = full.model_copy(update={"causes": full.causes.model_copy(update={"beyond_age": [risk]})})
    said = written(found, of_somebody(medicines=medicines))
    assert "Medicines counted here: sertraline, denosumab. Never stop one on your own." in said
    assert "You take: denosumab, sertraline." in said
    assert "Never stop a medicine on your own. Ask your doctor first." in said


def test_a_broken_bone_is_named(full):
    """With its year; what an accident broke is no sign of weak bone."""
    broken = [
        {"site": "hip", "date": "2026-10-20", "trauma": "low"},
        {"site": "tibia_ankle", "year": 2001, "trauma": "high"},
    ]
    said = written(full, of_somebody(fractures=broken))
    assert "You have broken a bone: hip (2026)." in said
    assert "2001" not in said


@pytest.mark.parametrize(("high", "drawn"), [(0.49, True), (0.5, False), (0.8, False)])
def test_half_of_the_people_are_never_filled(high, drawn):
    """No cohort has measured such a chance: the words and the range stand alone."""
    main = (
        make_assessment()
        .risks[0]
        .model_copy(update={"site": "major_osteoporotic", "horizon_y": 10.0, "risk": interval(0.3, 0.2, high)})
    )
    assert ('id="people"' in html.page_person(make_assessment(risks=[main]))) is drawn


def test_a_chance_above_all_that_was_measured_has_no_figure(concluded, comparison):
    """Neither as people, nor as causes, nor as what helps."""
    above = concluded(above_measured=0.45)
    page = html.page_person(above, comparison=comparison)
    assert 'id="people"' not in page
    assert 'id="why"' not in page
    assert "fewer would break" not in text_of(page)


def test_nobody_on_a_bone_medicine_is_offered_another(to_treat):
    """Nor told to ask for one; what one can do is still told."""
    plans = make_comparison(*EACH_MEDICINE, plan("exercise", "Training", -0.01, -0.02, -0.005))
    said = written(to_treat, of_somebody(medicines=[DENOSUMAB]), plans)
    assert "Ask your doctor if you need it" not in said
    assert "Would a bone medicine help me?" not in said
    assert "Train for strength" in said


def test_nobody_scanned_this_year_is_told_to_ask_for_a_scan(full):
    """The woman whose hip was scanned three weeks ago."""
    scan = {"date": "2026-11-03", "site": "total_hip", "t_score": -0.9}
    assert "Should I have a bone scan?" in written(full, of_somebody())
    assert "Should I have a bone scan?" not in written(full, of_somebody(dxa=[scan]))


def test_a_page_counts_out_of_one_number_of_people(full, comparison):
    """A thousand, in every sentence and picture."""
    said = written(full, comparison=comparison)
    assert re.findall(r"\bof ([\d,]+) people", said)
    assert {found.replace(",", "") for found in re.findall(r"\bof ([\d,]+) people", said)} == {"1000"}
