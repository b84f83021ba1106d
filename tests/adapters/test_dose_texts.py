"""Sentences of doses, made from the forms that prescribers use, with the truth known by construction.

Every sentence is understood right, or the report names it: it is never silently read as something else. CI makes 300;
TRABECULA_DOSE_TEXTS=2000 makes more.
"""

import os
from datetime import date

import pytest

from trabecula import chance
from trabecula.adapters.fhir import read_bundle
from trabecula.evidence import Evidence

from .fhir_bundles import bundle, order

N = int(os.environ.get("TRABECULA_DOSE_TEXTS", "300"))
SEED = 2026
ON = date(2026, 11, 22)
STRENGTH = 5.0
NAMED = {
    f"fhir.{name}.what" for name in ("words_not_understood", "once_a_day", "strength_as_dose", "a_steroid_left_out")
}
"""What the report says of a dose that it did not wholly understand."""
# What is written, and the truth: mg (tablets of 5 mg), doses a day, days; in English, German and Italian.
AMOUNTS = {
    "en": [
        ("5 mg", 5), ("10mg", 10), ("7.5 mg", 7.5), ("2 tablets", 10), ("one tablet", 5), ("1 tab", 5),
        ("half a tablet", 2.5),
        ("1/2 tab", 2.5), ("½ tablet", 2.5), ("1 1/2 tablets", 7.5), ("one and a half tablets", 7.5), ("3 tabs", 15),
        ("2 tablets (10 mg total)", 10), ("4 tablets (20 mg)", 20), ("12.5 mg", 12.5), ("0.06 g", 60),
        ("1,000 mg", 1000),
        ("two 5 mg tablets", 10), ("a tablet", 5), ("2 (two) tablets", 10), ("2.5 tablets", 12.5),
        ("20 milligrams", 20),
        ("1 tablet of 5 mg", 5), ("three tablets", 15), ("a half tablet", 2.5),
    ],
    "de": [
        ("5 mg", 5), ("7,5 mg", 7.5), ("2 Tabletten", 10), ("eine Tablette", 5), ("1 Tbl.", 5),
        ("eine halbe Tablette", 2.5),
        ("1½ Tabletten", 7.5), ("anderthalb Tabletten", 7.5), ("2 Tabletten à 5 mg", 10), ("1.000 mg", 1000),
        ("1 Stück", 5),
        ("½ Tbl.", 2.5), ("zwei Tabletten", 10), ("12,5 mg", 12.5), ("1/4 Tablette", 1.25),
        ("2,5 Tabletten", 12.5), ("drei Tabl", 15),
    ],
    "it": [
        ("5 mg", 5), ("7,5 mg", 7.5), ("2 compresse", 10), ("una compressa", 5), ("1 cpr", 5),
        ("mezza compressa", 2.5),
        ("una compressa e mezza", 7.5), ("2 compresse da 5 mg", 10), ("1.000 mg", 1000), ("½ cp", 2.5),
        ("due compresse", 10),
        ("1 compressa e 1/2", 7.5), ("tre compresse", 15), ("12,5 mg", 12.5), ("2 cpr da 5 mg", 10),
    ],
}  # fmt: skip
OFTEN = {
    "en": [
        ("daily", 1), ("once daily", 1), ("once a day", 1), ("qd", 1), ("every morning", 1), ("in the morning", 1),
        ("every 24 hours", 1),
        ("twice daily", 2), ("BID", 2), ("2 times a day", 2), ("every 12 hours", 2), ("q12h", 2),
        ("two times daily", 2),
        ("three times a day", 3), ("TID", 3), ("every 8 hours", 3), ("8-hourly", 3),
        ("at 8am and 8 pm", 2), ("once every 12 hrs", 2), ("twice every week", 2 / 7),
        ("every fortnight", 1 / 14), ("Q4W", 1 / 28), ("4 times daily", 4), ("every other day", 1 / 2),
        ("every second day", 1 / 2), ("on alternate days", 1 / 2), ("every 3 days", 1 / 3), ("once a week", 1 / 7),
        ("weekly", 1 / 7),
        ("three times a week", 3 / 7), ("3x/week", 3 / 7), ("twice weekly", 2 / 7),
        ("on Monday, Wednesday and Friday", 3 / 7),
        ("5 days a week", 5 / 7), ("on Sundays", 1 / 7), ("every two weeks", 1 / 14),
        ("in the morning and at bedtime", 2), ("x1 daily", 1),
        ("nightly", 1), ("per day", 1), ("Mon-Fri", 5 / 7), ("3 times per week", 3 / 7), ("each day", 1),
        ("daily with food", 1),
    ],
    "de": [
        ("täglich", 1), ("einmal täglich", 1), ("1x tgl.", 1), ("1 x täglich", 1), ("morgens", 1), ("am Tag", 1),
        ("pro Tag", 1), ("zweimal täglich", 2),
        ("2x täglich", 2), ("alle 12 Stunden", 2), ("morgens und abends", 2), ("dreimal täglich", 3),
        ("3 mal täglich", 3), ("alle 8 Std", 3), ("12-stündlich", 2), ("um 8 Uhr und 20 Uhr", 2),
        ("jeden zweiten Tag", 1 / 2), ("jeden 2. Tag", 1 / 2), ("alle 2 Tage", 1 / 2), ("einmal pro Woche", 1 / 7),
        ("wöchentlich", 1 / 7),
        ("dreimal pro Woche", 3 / 7), ("3x pro Woche", 3 / 7), ("montags, mittwochs und freitags", 3 / 7),
        ("alle zwei Wochen", 1 / 14),
        ("an 5 Tagen pro Woche", 5 / 7), ("jeden Morgen", 1), ("zur Nacht", 1), ("Mo. Mi. Fr.", 3 / 7),
        ("2x wöchentlich", 2 / 7),
    ],
    "it": [
        ("al giorno", 1), ("una volta al giorno", 1), ("1 volta al dì", 1), ("/die", 1), ("al mattino", 1),
        ("ogni giorno", 1), ("due volte al giorno", 2),
        ("2 volte al dì", 2), ("ogni 12 ore", 2), ("mattina e sera", 2), ("tre volte al giorno", 3),
        ("ogni 8 ore", 3), ("a giorni alterni", 1 / 2),
        ("ogni altro giorno", 1 / 2), ("ogni 2 giorni", 1 / 2), ("una volta a settimana", 1 / 7),
        ("ogni settimana", 1 / 7),
        ("tre volte a settimana", 3 / 7), ("3 volte alla settimana", 3 / 7),
        ("lunedì, mercoledì e venerdì", 3 / 7), ("ogni due settimane", 1 / 14),
        ("5 giorni su 7", 5 / 7), ("la sera", 1), ("2 volte a settimana", 2 / 7),
    ],
}  # fmt: skip
LENGTHS = {
    "en": [
        ("for 14 days", 14), ("x 14 days", 14), ("2/52", 14), ("1/52", 7),
         ("for 2 weeks", 14), ("for two weeks", 14), ("x14d", 14),
        ("for 28 days", 28), ("for 6 weeks", 42),
        ("over 14 days", 14), ("for a total of 14 days", 14), ("for 1 week", 7), ("for one week", 7), ("", None),
        ("for a week", 7),
        ("until 2026-01-18", 14), ("for 10 consecutive days", 10),
    ],
    "de": [
        ("für 14 Tage", 14), ("über 14 Tage", 14), ("14 Tage lang", 14), ("für 2 Wochen", 14),
        ("für zwei Wochen", 14), ("für 6 Wochen", 42), ("", None),
        ("für eine Woche", 7), ("bis 18.01.2026", 14), ("während 28 Tagen", 28),
    ],
    "it": [
        ("per 14 giorni", 14), ("per 2 settimane", 14), ("per due settimane", 14), ("x 14 gg", 14),
        ("per 6 settimane", 42), ("", None),
        ("per una settimana", 7), ("fino al 18.01.2026", 14), ("per 28 giorni", 28),
    ],
}  # fmt: skip
ORDERS = {
    "en": [
        "Take {a} {r} {o} {l}", "{a} {r} {o} {l}.", "{a} {o} {r} {l}", "TAKE {a} {o} {l}",
        "{o}: {a} {r} {l}", "{r}: {a} {o}, {l}", "Sig: {a} {o} {l}",
    ],
    "de": ["{a} {r} {o} {l}", "{o} {a} {r} {l}", "{a} {o} {l} einnehmen", "Nehmen Sie {o} {a} {l}", "{l} {a} {o}"],
    "it": ["{a} {r} {o} {l}", "Prendere {a} {o} {l}", "{a} {o} {r}, {l}", "assumere {a} {l} {o}"],
}  # fmt: skip
ROUTES = {
    "en": ["by mouth", "PO", "orally", "", "by mouth with food", "oral"],
    "de": ["oral", "p.o.", "", "zum Essen", "per os"],
    "it": ["per os", "per via orale", "", "dopo i pasti", "a stomaco pieno"],
}
TAPERS = {
    "en": [", then ", "; then ", ". Then ", ", followed by ", ", "],
    "de": [", dann ", ", danach ", "; anschließend "],
    "it": [", poi ", ", quindi ", "; poi "],
}


def draw(n, what, many):
    """One of many, the same in every run."""
    return many[int(chance.uniform(SEED, f"dose_text_{what}", 0, n) * len(many))]


def part(n, step, language):
    """A part of a sentence with its amount [mg], doses a day and days."""
    (a, mg), (o, often) = draw(n, f"amount{step}", AMOUNTS[language]), draw(n, f"often{step}", OFTEN[language])
    length, days = draw(n, f"length{step}", LENGTHS[language])
    said = draw(n, f"order{step}", ORDERS[language]).format(
        a=a, o=o, r=draw(n, f"route{step}", ROUTES[language]), l=length
    )
    return " ".join(said.split()).strip(" ,"), mg, often, days


def sentence(n):
    """A sentence and its truth: the parts with mg a day, and days."""
    language = draw(n, "language", ["en", "de", "it"])
    first = part(n, 1, language)
    if (
        first[3] is None
        or "until" in first[0]
        or "bis" in first[0]
        or "fino" in first[0]
        or draw(n, "taper", [0, 0, 0, 1]) == 0
    ):
        return first[0], [(first[1] * first[2], first[3])]
    second = part(n, 2, language)
    if any(word in second[0] for word in ("until", "bis", "fino")):
        return first[0], [(first[1] * first[2], first[3])]
    joined = first[0].rstrip(".") + draw(n, "then", TAPERS[language]) + second[0][0].lower() + second[0][1:]
    return joined, [(first[1] * first[2], first[3]), (second[1] * second[2], second[3])]


def given_mg(truth, until=28):
    """What is taken in the truth over the days; an open part goes on for `until` days."""
    return sum(mg * (days or until) for mg, days in truth)


def read_mg(said):
    """What is read [mg] over the same days, and whether the report names a doubt."""
    ordered = order("prednisone 5 MG Oral Tablet", "2026-01-05", "active", dosageInstruction=[{"text": said}])
    person, report = read_bundle(bundle(ordered), ON)
    named = any(line.what.id in NAMED for line in report.assumed)
    return person, named or not person.steroids


def total(person, truth):
    """All that is read until the last day of the truth [mg]."""
    days = sum(days or 28 for _, days in truth)
    last = date.fromordinal(date(2026, 1, 5).toordinal() + days - 1)
    return sum(sum(each.total_mg(last, Evidence.load()).values()) for each in person.steroids)


def is_right(person, truth):
    """Whether as much is read as is written, up to the last dose of an interval; and an end where there is one."""
    per_dose = max(each.dose_mg * each.doses_per_day for each in person.steroids)
    has_end = truth[-1][1] is not None
    ends = [each.end for each in person.steroids]
    return abs(total(person, truth) - given_mg(truth)) <= 2.5 * per_dose and (None in ends) != has_end


def outcome(n):
    """A sentence with what came of it: right, named or silently other."""
    said, truth = sentence(n)
    person, named = read_mg(said)
    right = bool(person.steroids) and is_right(person, truth)
    return said, "right" if right else "named" if named else "other"


def test_no_dose_in_words_is_silently_read_as_another():
    """Every sentence is understood right or named, and nine of ten are understood."""
    found = [outcome(n) for n in range(N)]
    assert [said for said, came in found if came == "other"] == []
    assert sum(came == "right" for _, came in found) >= 0.9 * N


@pytest.mark.parametrize("strength", [1.0, 5.0, 20.0])
def test_tablets_follow_their_strength(strength):
    """Two tablets are twice the strength of the product."""
    ordered = order(
        f"prednisone {strength:g} MG Oral Tablet", dosageInstruction=[{"text": "2 tablets daily for 5 days"}]
    )
    assert read_bundle(bundle(ordered), ON)[0].steroids[0].dose_mg == 2 * strength
