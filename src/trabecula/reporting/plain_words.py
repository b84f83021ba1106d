"""Plain words for what guidelines and plans say: short sentences that somebody of 13 can read.

Every sentence stands for rules or plans that the clinician's page shows in full, and carries their source.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plain:
    """A plain sentence for any of several rules of guidelines."""

    words: str
    rules: frozenset[str]


def _plain(words: str, rules: str) -> Plain:
    """A sentence for rules, written one behind the other."""
    return Plain(words, frozenset(rules.split()))


HELPS = (
    _plain(
        "plain.keep_moving_aim_for_150_minutes",
        "ms_8 who_adults who_65 who_disability",
    ),
    _plain("plain.plan_your_exercise_with_a_physical", "ms_9"),
    _plain("plain.join_a_class_that_trains_balance", "ms_2"),
    _plain("plain.get_enough_calcium_and_vitamin_d_food", "bhof_2 acr_l40 acr_l_lt40"),
    _plain(
        "plain.do_not_put_off_your_next",
        "label_denosumab_delay",
    ),
)
TREATMENT = _plain(
    "plain.would_a_bone_medicine_help_me",
    "bhof_1 can_23 can_23_suggest acr_vh40 acr_h40 acr_m40 acr_vh_lt40 acr_m_lt40 iof_treat dvo_2 nogg_3 nogg_4"
    " nogg_5 nogg_9 ms_6",
)
"""What to ask where a rule speaks for a bone medicine."""
ASKS = (
    _plain(
        "plain.should_i_have_a_bone_scan",
        "iscd_ind iscd_ind_ms dvo_1 nice146_4 nice146_5 nice146_5_gc nogg_2 iof_dxa uspstf_25 ms_3 ms_5_thresholds",
    ),
    TREATMENT,
    _plain("plain.is_my_vitamin_d_high_enough", "ms_3 dose_1"),
    _plain("plain.do_i_have_a_broken_bone", "nogg_7"),
)
PLANS = {
    "exercise": "plain.train_your_muscles_and_your_balance",
    "exercise-with-impact": "plain.train_with_jumps_or_dance_if",
    "falls-programme": "plain.join_a_class_that_trains_balance",
    "calcium-vitamin-d": "plain.get_enough_calcium_and_vitamin_d",
    "stop-smoking": "plain.stop_smoking",
    "steroid-sparing": "plain.take_fewer_steroid_tablets_do_this",
}
"""The plans of the library that are something to do; a scenario is not."""
MEDICINES = {
    "alendronate": "plain.a_bone_medicine_taken_as_a",
    "zoledronate": "plain.a_bone_medicine_given_by_drip",
    "denosumab": "plain.a_bone_medicine_given_as_a",
}
"""Those that a doctor has to give; they come after what one can do, and only where a rule speaks for one."""
CAUSES = {
    "falls": "plain.falls_because_of_ms",
    "unloading": "plain.moving_less",
    "oral_steroids": "plain.steroid_tablets",
    "pulses": "plain.short_steroid_courses",
    "nutrition": "plain.calcium_and_vitamin_d",
    "smoking_alcohol": "plain.smoking_and_alcohol",
    "medicines": "plain.other_medicines",
}
"""What adds to the chance of breaking a bone, beside age."""
GAPS = {
    "falls in the last year": "plain.how_often_did_you_fall_in",
    "earlier fractures": "plain.have_you_broken_a_bone_as",
    "menopause": "plain.when_did_your_periods_stop_or",
    "height and weight": "plain.tell_them_your_height_and_weight",
    "parental hip fracture": "plain.did_your_mother_or_father_break",
    "smoking": "plain.do_you_smoke",
}
"""What a record may not say, as a question to bring along."""
GAPS_LATE = {"menopause": "plain.when_did_your_periods_stop"}
"""The same for people in whom it is long settled that they did."""
