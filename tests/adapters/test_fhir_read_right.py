"""Read right, or say so: what other systems write about doses, in the forms in which it was once read wrongly."""

from datetime import date

import pytest

from trabecula.adapters.fhir import read_bundle
from trabecula.evidence import Evidence

from .fhir_bundles import bundle, concept, order, reasons

TODAY = date(2026, 11, 22)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
FIVE, TEN, GRAM = "prednisone 5 MG Oral Tablet", "prednisone 10 MG Oral Tablet", "methylprednisolone 1000 MG Injection"


def read(*resources, patient=None):
    """The person and the report on the day of these tests."""
    return read_bundle(bundle(*resources, patient=patient), TODAY)


def instructed(said, product=FIVE, day="2026-01-05", status="completed", **more):
    """An order with its dose in words."""
    return order(product, day, status, dosageInstruction=[{"text": said}], **more)


def timed(repeat, mg=10, product=TEN, day="2026-01-05", status="active", **timing):
    """An order with a coded dose and timing."""
    dose = {"doseAndRate": [{"doseQuantity": {"value": mg, "unit": "mg", "code": "mg"}}]}
    return order(product, day, status, dosageInstruction=[{"timing": {"repeat": repeat} | timing, **dose}])


def given(product, day, mg, **more):
    """A dose given on a ward."""
    held = {"resourceType": "MedicationAdministration", "status": "completed", "effectiveDateTime": day}
    dose = {"dose": {"value": mg, "unit": "mg", "code": "mg"}}
    return held | {"medicationCodeableConcept": {"text": product}, "dosage": dose} | more


def grams(person, until=TODAY):
    """All that was taken of steroids [g]."""
    evidence = Evidence.load()
    return round(sum(sum(c.total_mg(until, evidence).values()) for c in person.steroids) / 1000, 4)


def mg_a_day(person):
    """The mean daily dose of all courses together [mg]."""
    return round(sum(c.dose_mg * c.doses_per_day / c.every_days for c in person.steroids), 3)


def told(report):
    """What was assumed, as sentences."""
    return [f"{line.what} | {line.assumed} | {line.cost}" for line in report.assumed]


def doubts(report):
    """The instructions that were not wholly understood, or that contradict themselves."""
    return [line for line in told(report) if "not wholly understood" in line or "codes and words" in line]


# ---------------------------------------------------------------- orders and administrations


@pytest.mark.parametrize("more", [{}, {"request": {"reference": "MedicationRequest/m1"}}])
def test_a_dose_on_a_ward_does_not_erase_years_of_tablets(more):
    """An order since 2019 stands, whether or not one dose of it that was given in hospital names it."""
    ordered = order(TEN, "2019-01-10", "active", id="m1", dosageInstruction=[{"text": "10 mg daily"}])
    person, report = read(ordered, given(TEN, "2024-05-05", 10, **more))
    assert grams(person) == pytest.approx(28.7, abs=0.1)
    assert [str(line.reason) for line in report.ignored] == ["one dose of an order, which is read"]


def test_a_dose_on_a_ward_does_not_erase_years_of_alendronate():
    """The same holds of every medicine."""
    person, _ = read(
        order("alendronate 70 MG Oral Tablet", "2019-01-10", "active"),
        given("alendronate 70 MG Oral Tablet", "2024-05-05", 70),
    )
    assert [(str(m.start), m.end) for m in person.medicines] == [("2019-01-10", None)]


def test_a_dose_of_another_amount_is_a_dose_of_its_own():
    """A pulse in hospital is no tablet of the order that goes on at home."""
    person, _ = read(instructed("10 mg daily", TEN, "2019-01-10", "active"), given(TEN, "2024-05-05", 100))
    assert sorted(c.dose_mg for c in person.steroids) == [10, 100]


def test_a_bounded_order_with_one_dose_given_keeps_its_ninety_days():
    """What was given explains the days on which it was given, not the quarter of a year."""
    person, _ = read(instructed("1 tablet daily for 90 days"), given(FIVE, "2026-02-01", 5))
    assert grams(person) == 0.45


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    "said",
    [
        "Infuse 1,000 mg into the vein daily for 3 days",
        "1.000 mg i.v. täglich für 3 Tage",
        "1'000 mg i.v. an 3 aufeinanderfolgenden Tagen",
        "1 000 mg e.v. al giorno per 3 giorni",
        "1 g IV x 3 days",
        "3 x 1.000 mg",
        "1.0 g daily x 3 d",
    ],
)
def test_a_thousand_is_a_thousand_however_it_is_written(said):
    """Three infusions of a gram are three grams."""
    person, _ = read(instructed(said, GRAM))
    assert grams(person) == 3


@pytest.mark.parametrize("product", ["methylprednisolone 1,000 MG Injection", "Methylprednisolon 1.000 mg Injektion"])
def test_the_strength_of_a_product_may_have_a_mark_for_thousands(product):
    """The vial holds a gram."""
    person, _ = read(instructed("one vial IV daily for 3 days", product))
    assert grams(person) == 3


@pytest.mark.parametrize(
    ("said", "mg"),
    [
        ("Take 1/2 tablet by mouth daily", 2.5),
        ("take ½ tab daily", 2.5),
        ("half a tablet every morning", 2.5),
        ("Take one-half tablet daily", 2.5),
        ("one and a half tablets daily", 7.5),
        ("Take 1 1/2 tablets by mouth once daily", 7.5),
        ("1½ Tabletten täglich", 7.5),
        ("eine halbe Tablette morgens", 2.5),
        ("anderthalb Tabletten pro Tag", 7.5),
        ("mezza compressa al giorno", 2.5),
        ("una compressa e mezza al mattino", 7.5),
        ("1-0-½", 7.5),
        ("0.5 tablet daily", 2.5),
        ("a quarter of a tablet daily", 1.25),
        ("two and a half tablets a day", 12.5),
    ],
)
def test_parts_of_a_tablet_are_parts(said, mg):
    """Half a tablet of 5 mg is 2.5 mg."""
    person, report = read(instructed(said, status="active"))
    assert mg_a_day(person) == mg
    assert doubts(report) == []


# ---------------------------------------------------------------- how often


@pytest.mark.parametrize(
    ("said", "per_week"),
    [
        ("Take one tablet three times a week", 15),
        ("1 tablet 3x/week", 15),
        ("1 tab TIW", 15),
        ("take 1 tablet 3 times weekly", 15),
        ("dreimal pro Woche 1 Tablette", 15),
        ("1 Tablette 3x wöchentlich", 15),
        ("una compressa tre volte a settimana", 15),
        ("1 tablet on Monday, Wednesday and Friday", 15),
        ("1 Tablette Mo. Mi. Fr.", 15),
        ("1 compressa lunedì, mercoledì e venerdì", 15),
        ("1 tablet Mon-Fri", 25),
        ("1 tablet daily 5 days a week", 25),
        ("1 tablet twice a week", 10),
        ("one tablet every other day", 17.5),
        ("1 Tablette jeden 2. Tag", 17.5),
        ("1 compressa a giorni alterni", 17.5),
        ("1 tablet q12h", 70),
        ("1 Tablette alle 12 Stunden", 70),
        ("una compressa ogni 8 ore", 105),
        ("2 tablets in the morning and 1 tablet in the evening", 105),
        ("2-0-1", 105),
        ("3x1 Tablette", 105),
        ("Take 2 tablets (10 mg total) by mouth daily.", 70),
        ("Take 1 tablet (5 mg total) by mouth 2 (two) times daily", 70),
        ("prednisone 5 MG tablet; take 2 tablets daily", 70),
        ("Mo, Mi, Fr je 1 Tablette", 15),
        ("5 mg mane", 35),
        ("1 cp x 2/die", 70),
        ("10 mg po q am, 5 mg po q pm", 105),
    ],
)
def test_how_often_is_read_in_words(said, per_week):
    """Times a week are not times a day, and the days of the week are some of seven."""
    person, report = read(instructed(said, status="active"))
    assert mg_a_day(person) * 7 == pytest.approx(per_week, abs=0.02)
    assert doubts(report) == []


def test_a_frequency_that_is_not_written_is_told():
    """5 mg, and nothing else: once a day is a guess."""
    _, report = read(instructed("5 mg by mouth", status="active"))
    assert any("how often is not written | 5 mg once a day" in line for line in told(report))


def test_days_of_the_week_are_some_of_seven():
    """Monday, Wednesday and Friday for ninety days are 39 doses."""
    repeat = {"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon", "wed", "fri"]}
    person, _ = read(timed(repeat | {"boundsDuration": {"value": 90, "code": "d"}}))
    assert grams(person) == 0.39
    assert {c.start.weekday() for c in person.steroids} == {0, 2, 4}


@pytest.mark.parametrize(
    ("repeat", "mg"),
    [
        ({"frequency": 3, "period": 1, "periodUnit": "wk"}, 30 / 7),
        ({"dayOfWeek": ["sun"]}, 10 / 7),
        ({"frequency": 1, "period": 12, "periodUnit": "h"}, 20),
        ({"timeOfDay": ["08:00:00", "20:00:00"]}, 20),
        ({"when": ["MORN", "NIGHT"]}, 20),
        ({"frequency": 2, "period": 1, "periodUnit": "d", "dayOfWeek": ["sat", "sun"]}, 40 / 7),
    ],
)
def test_how_often_is_read_from_codes(repeat, mg):
    """Period, hours of the day, days of the week."""
    assert mg_a_day(read(timed(repeat))[0]) == pytest.approx(mg, abs=0.01)


# ---------------------------------------------------------------- how long


DAILY = {"frequency": 1, "period": 1, "periodUnit": "d"}


@pytest.mark.parametrize(
    "ordered",
    [
        timed(DAILY | {"count": 3}, 1000, GRAM),
        timed({"count": 3}, 1000, GRAM),
        timed({}, 1000, GRAM, event=["2026-01-05T08:00:00Z", "2026-01-06T08:00:00Z", "2026-01-07"]),
        timed(DAILY | {"boundsDuration": {"value": 3, "code": "d"}}, 1000, GRAM),
        timed(DAILY | {"boundsPeriod": {"start": "2026-01-05", "end": "2026-01-07"}}, 1000, GRAM),
    ],
)
def test_a_number_of_doses_ends_a_course(ordered):
    """Three infusions are over, though the order is called active."""
    person, _ = read(ordered)
    assert (grams(person), person.steroids[0].end) == (3, date(2026, 1, 7))


def test_a_range_of_doses_is_told():
    """The larger number is read, and the report says that it is one of two."""
    _, report = read(timed(DAILY | {"count": 3, "countMax": 5}, 1000, GRAM))
    assert any("countMax 5" in line for line in doubts(report))


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ("Take 4 tablets daily for 10 days, then 3 tablets daily for 10 days, then 2 tablets daily for 10 days, "
         "then 1 tablet daily for 10 days", 1.0),
        ("4 tabs daily x 10 days, 3 tabs daily x 10 days, 2 tabs daily x 10 days, 1 tab daily x 10 days", 1.0),
        ("40 mg/d für 10 Tage, dann 30 mg/d für 10 Tage, danach 20 mg/d für 10 Tage, dann 10 mg/d für 10 Tage", 1.0),
        ("40 mg al giorno per 10 giorni, poi 30 mg per 10 giorni, poi 20 mg per 10 giorni, quindi 10 mg per 10 giorni",
         1.0),
        ("Take 40 mg daily, decrease by 10 mg every 10 days", 1.0),
        ("Day 1-10: 40 mg daily, day 11-20: 30 mg daily, day 21-30: 20 mg daily, day 31-40: 10 mg daily", 1.0),
        ("Take 4 tabs daily for 1 week; then 2 tabs daily for 1 week; then stop", 0.42),
    ],
)  # fmt: skip
def test_a_taper_in_words_has_all_of_its_steps(said, total):
    """No step is dropped."""
    assert grams(read(instructed(said, TEN))[0]) == total


@pytest.mark.parametrize(
    "said",
    [
        "Take as directed",
        "taper per protocol over the coming weeks",
        "1 mg/kg daily",
        "1-2 tablets daily",
        "do not take before surgery",
        "1 g daily for 3 days every month",
        "5 mg daily, double the dose when ill",
        "7,5 mg im Wechsel mit 5 mg jeden Tag",
        "1 comprimé par jour pendant 5 jours",
        "1 Tablette täglich, ab dem 3. Tag pausieren",
        "max 3 tablets",
        "from day 10 on 2 tablets",
        "una compressa, aumentare dopo 2 settimane",
        "13 hours, 7 hours and 1 hour before contrast take 50 mg",
        "1 tablet daily except Sunday",
        "10 mg OD for 5/7",
        "Taper: 60-50-40-30-20-10 mg, each for 3 days",
    ],
)
def test_words_that_carry_a_dose_and_are_not_understood_are_told(said):
    """A dose that cannot be read for sure is never read in silence."""
    _, report = read(instructed(said, TEN, status="active"))
    assert doubts(report) or any("once a day" in line for line in told(report))


def test_codes_and_words_that_differ_are_told():
    """10 mg by its code and 20 mg by its words."""
    ordered = timed(DAILY)
    ordered["dosageInstruction"][0]["text"] = "20 mg daily"
    person, report = read(ordered)
    assert mg_a_day(person) == 10
    assert any("the codes are read: 10 mg a day" in line and "(20 mg)" in line for line in told(report))


def test_words_that_have_the_steps_complete_the_code_of_the_first():
    """40 mg is coded, the taper is written."""
    ordered = timed(DAILY, 40)
    ordered["dosageInstruction"][0]["text"] = "40 mg daily for 5 days, then 20 mg daily for 5 days"
    assert grams(read(ordered)[0]) == 0.3


# ---------------------------------------------------------------- gaps


def test_orders_that_were_stopped_leave_a_gap():
    """Alendronate in 2005 and 2020 are two short treatments, and so are two injections of a progestogen."""
    tablets = [order("alendronate 70 MG Oral Tablet", day, "stopped") for day in ("2005-03-01", "2020-03-01")]
    depot = [
        order("medroxyprogesterone acetate 150 MG/ML Injection", day, "stopped") for day in ("2000-03-01", "2012-03-01")
    ]
    person, _ = read(*tablets, *depot)
    assert [str(m.start) for m in person.medicines] == ["2005-03-01", "2020-03-01"]
    assert [str(m.start) for m in person.depot_progestogen] == ["2000-03-01", "2012-03-01"]


def test_an_order_that_was_stopped_may_have_ended_early():
    """Ten days were ordered; on which of them it was stopped is not written."""
    _, report = read(instructed("5 mg daily for 10 days", status="stopped"))
    assert any("taken until 2026-01-14, as ordered" in line for line in told(report))


def test_orders_years_apart_are_not_bridged_and_a_bridge_is_told():
    """A yearly prescription goes on; ten years between two do not."""
    days = ("2005-03-01", "2006-03-10", "2020-03-01")
    person, report = read(*(order("alendronate 70 MG Oral Tablet", day) for day in days))
    assert [(str(m.start), str(m.end)) for m in person.medicines] == [
        ("2005-03-01", "2006-03-10"), ("2020-03-01", "2020-03-01"),
    ]  # fmt: skip
    assert any("orders with a gap between them" in line for line in told(report))


# ---------------------------------------------------------------- which medicine


def test_a_depot_progestogen_is_known_by_its_volume():
    """104 mg in 0.65 mL are no tablet, and no route is written."""
    assert (
        len(read(order("medroxyPROGESTERone acetate 104 MG/0.65 ML", "2015-01-01", "active"))[0].depot_progestogen) == 1
    )


@pytest.mark.parametrize("route", [{"code": "34206005", "display": "Subcutaneous route"}, {}])
def test_a_depot_progestogen_is_known_without_its_brand(route):
    """A syringe under the skin is no tablet."""
    said = "0.65 ML medroxyprogesterone acetate 160 MG/ML Prefilled Syringe"
    person, _ = read(order(said, "2015-01-01", "active", dosageInstruction=[{"route": {"coding": [route]}}]))
    assert len(person.depot_progestogen) == 1


@pytest.mark.parametrize(
    "said",
    [
        "Betapred (betamethasone)",
        "cortisone acetate",
        "Synacthen Depot 1 mg",
        "corticotropin 80 UNT/ML Injection (Acthar)",
        "budesonide 3 MG Oral Capsule",
        "triamcinolone acetonide 40 MG/ML Injectable Suspension",
        "Bentelan 1,5 mg/2 ml fiale",
        "Celestan depot",
    ],
)
def test_a_steroid_that_is_not_read_is_asked_for(said):
    """No glucocorticoid is called a medicine without an effect."""
    _, report = read(order(said))
    assert "enter the course by hand" in reasons(report)[said]


@pytest.mark.parametrize(
    ("said", "taken", "mg"),
    [
        ("Betapred 0,5 mg tablett (betamethasone)", "3 tablets daily", 10),
        ("Bentelan 1 mg compresse", "1,5 mg al giorno", 10),
        ("Celestan 0,5 mg Tabletten", "1-0-1", 6.67),
        ("cortisone acetate 25 MG Oral Tablet", "1 tablet twice daily", 10),
        ("triamcinolone 4 MG Oral Tablet", "2 tablets daily", 10),
    ],
)
def test_tablets_of_another_steroid_are_read_as_prednisone(said, taken, mg):
    """0.75 mg of betamethasone, 25 mg of cortisone and 4 mg of triamcinolone are 5 mg; the conversion is told."""
    person, report = read(order(said, "2026-01-05", "active", dosageInstruction=[{"text": taken}]))
    assert [course.drug for course in person.steroids] == ["prednisone"]
    assert mg_a_day(person) == pytest.approx(mg, abs=0.01)
    assert any("read as prednisone" in line for line in told(report))


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("Synacthen Depot 1 mg", "makes the adrenals release cortisol"),
        ("corticotropin 80 UNT/ML Injection (Acthar)", "no dose of prednisone is known to match it"),
        ("budesonide 3 MG Oral Capsule", "trials disagree"),
        ("triamcinolone acetonide 40 MG/ML Injectable Suspension", "reaches the blood for weeks"),
        ("Kenalog-40", "reaches the blood for weeks"),
        ("Depo-Medrol 40 mg i.m.", "reaches the blood for weeks"),
        ("methylprednisolone acetate 40 MG/ML intra-articular injection", "reaches the blood for weeks"),
        ("vamorolone 40 MG/ML Oral Suspension", "a steroid whose dose was not read"),
    ],
)
def test_a_steroid_without_a_conversion_says_what_is_known_of_it(said, known):
    """Under Assumed: what was put in its place, and what that would change."""
    _, report = read(order(said))
    lines = [f"{line.what} {line.assumed} {line.cost}" for line in report.assumed]
    assert any(said in line and known in line for line in lines), lines


def test_conversions_stand_in_the_registry_of_evidence():
    """Each with the table that prints it."""
    evidence = Evidence.load()
    for drug, mg in (("betamethasone", 0.75), ("cortisone", 25), ("triamcinolone", 4)):
        assert evidence[f"steroid.equivalence.{drug}"].value == mg


def test_a_steroid_by_its_class_is_asked_for():
    """ATC H02 is a glucocorticoid whatever it is called."""
    held = {"coding": [{"system": "http://www.whocc.no/atc", "code": "H02AB99"}], "text": "Kortisontab"}
    _, report = read(order("x", medicationCodeableConcept=held))
    assert "enter the course by hand" in reasons(report)["Kortisontab"]


@pytest.mark.parametrize(
    "said",
    ["budesonide 0.1 MG/ACTUAT Metered Dose Inhaler", "betamethasone 0.5 MG/ML Topical Cream", "Kenalog 0.1 % cream"],
)
def test_a_steroid_in_one_place_is_no_course(said):
    """Lungs and skin."""
    assert reasons(read(order(said))[1])[said].startswith("local (non-systemic) steroid")


def test_codes_without_words_are_known_or_called_unknown():
    """Prednisone and alendronate by RxNorm alone; another code is not without an effect, but unknown."""
    coded = [order("", medicationCodeableConcept=concept(RXNORM, code)) for code in ("198145", "904431", "999999")]
    person, report = read(*coded)
    assert [c.dose_mg for c in person.steroids] == [10]
    assert [m.drug for m in person.medicines] == ["alendronate"]
    assert "not known here" in reasons(report)["999999"]


def test_two_instructions_of_one_order_are_taken_on_the_same_days():
    """5 mg in the morning and 2.5 mg in the evening are 7.5 mg."""
    said = [{"text": "5 mg in the morning"}, {"text": "2.5 mg in the evening"}]
    assert mg_a_day(read(order(FIVE, "2026-01-05", "active", dosageInstruction=said))[0]) == 7.5


def test_instructions_with_a_length_and_no_sequence_are_told():
    """One after the other, or side by side: nothing says it."""
    said = [{"text": "10 mg daily for 5 days"}, {"text": "5 mg daily for 5 days"}]
    assert doubts(read(order(FIVE, "2026-01-05", dosageInstruction=said))[1])
