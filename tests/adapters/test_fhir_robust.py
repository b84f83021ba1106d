"""Broken bundles: whatever is wrong inside, the reader answers or refuses kindly, and never breaks."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trabecula.adapters.fhir import FhirError, read_bundle

from .fhir_bundles import ON, PATIENT, WRITTEN, bundle, order, written

NAMES = sorted(file.stem for file in WRITTEN.glob("*.json"))
WORDS = ["", "9999-12-31", "0001-01-01", "2014-02-30", "2014", "1 x 2", "NaN", "prednisone 5 MG", "-1", "\u200b", "G35"]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 10**400, 1e308, -1e-308, float("nan"), float("inf"), 99999]),
    st.sampled_from(WORDS),
    st.text(max_size=20),
    st.sampled_from([[], {}, [None], [[]], {"coding": [None]}, {"value": "x"}, {"reference": "#x"}, [{"code": 7}]]),
)


def nodes(value, path=()):
    """Every place in a JSON value."""
    yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from nodes(each, (*path, key))
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from nodes(each, (*path, index))


def damaged(value, draw):
    """The value with a few places deleted, replaced or doubled."""
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 4))):
        places = [place for place in nodes(value) if place]
        if not places:
            break
        *way, last = draw(st.sampled_from(places))
        held = value
        for step in way:
            held = held[step]
        match draw(st.sampled_from(["delete", "replace", "double"])):
            case "delete":
                del held[last]
            case "replace":
                held[last] = copy.deepcopy(draw(JUNK))  # a later damage must not change the list of junk
            case "double":
                held[last] = [copy.deepcopy(held[last])] * 2
    return value


def holds(given_bundle):
    """The reader answers with a report that adds up, or refuses with all four parts of an error."""
    try:
        _, report = read_bundle(given_bundle, ON)
    except FhirError as error:
        return is_kind(error)
    return report.n_resources >= 1 and bool([str(line) for line in report.lines()])


def is_kind(error):
    """An error says where, what was found, what was expected and what to do."""
    return all((error.path, error.found, error.expected, error.todo))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMES), st.data())
def test_a_damaged_bundle_never_breaks_the_reader(name, data):
    """Any node may be missing, doubled or of the wrong kind."""
    assert holds(damaged(written(name), data.draw))


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        JUNK,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(["resourceType", "entry", "type", "resource", "code", "coding"]), inner, max_size=4
            ),
        ),
        max_leaves=12,
    )
)
def test_nonsense_is_refused_or_read(nonsense):
    """What is no bundle is refused; a bundle of nonsense is read or refused."""
    assert holds(nonsense)
    assert holds({"resourceType": "Bundle", "type": "collection", "entry": nonsense})
    assert holds(bundle(nonsense) if isinstance(nonsense, dict) else bundle())


@pytest.mark.parametrize("said", ["prednisone 5 MG Oral Tablet", "alendronate 70 MG", "ocrelizumab"])
@settings(max_examples=60, deadline=None)
@given(instruction=st.text(max_size=60), value=JUNK, unit=JUNK, period=JUNK)
def test_any_dosage_is_survived(said, instruction, value, unit, period):
    """Dosage instructions are free text, and numbers in them can be anything."""
    dose = {
        "text": instruction,
        "timing": {
            "repeat": {
                "frequency": value,
                "period": period,
                "periodUnit": "d",
                "boundsDuration": {"value": value, "unit": "d"},
            }
        },
        "doseAndRate": [{"doseQuantity": {"value": value, "unit": unit}}],
    }
    assert holds(bundle(order(said, dosageInstruction=[dose], dispenseRequest={"quantity": {"value": period}})))


def test_a_reference_to_itself_ends():
    """A medicine that is contained in itself is just not found."""
    loop = {"resourceType": "MedicationStatement", "status": "active", "medicationReference": {"reference": "#"}}
    assert holds(bundle(loop | {"contained": [loop]}))


def test_a_single_entry_instead_of_a_list_is_read():
    """Converters from XML write one entry without its list."""
    given_bundle = {"resourceType": "Bundle", "type": "collection", "entry": {"resource": PATIENT}}
    assert read_bundle(given_bundle, ON)[1].n_read == 1
