"""A rule that is changed is noticed: the cases hold every comparison in its place."""

from guidelines.mutants import MOVED, TURNED, Mutant, mutants, survives


def named(found: list[Mutant]) -> str:
    """The lines that nobody noticed."""
    return "\n".join(f"{each.guideline}, {each.rule}: {each.line} -> {each.changed}" for each in found)


def test_turning_any_comparison_or_answer_round_fails_a_case():
    """At least instead of less than, yes instead of no: some case is answered otherwise."""
    alive = [each for each in mutants(TURNED, words=True) if survives(each)]
    assert not alive, named(alive)


def test_moving_a_threshold_to_the_other_side_fails_a_case():
    """At least instead of more than: a case stands exactly at the threshold."""
    alive = [each for each in mutants(MOVED, words=False) if survives(each)]
    assert not alive, named(alive)
