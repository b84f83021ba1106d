"""Plain words for what guidelines and plans say: short sentences that somebody of 13 can read.

Every sentence stands for rules or plans that the clinician's page shows in full, and carries their source.
"""

from dataclasses import dataclass

from trabecula.reporting.model_words import N_


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
        N_("Keep moving. Aim for 150 minutes a week, as far as you can. Start low and build up slowly."),
        "ms_8 who_adults who_65 who_disability",
    ),
    _plain(N_("Plan your exercise with a physical therapist who knows MS."), "ms_9"),
    _plain(N_("Join a class that trains balance and helps you not to fall."), "ms_2"),
    _plain(N_("Get enough calcium and vitamin D. Food comes first."), "bhof_2 acr_l40 acr_l_lt40"),
    _plain(
        N_("Do not put off your next shot of denosumab. Bones in the back can break after a gap."),
        "label_denosumab_delay",
    ),
)
TREATMENT = _plain(
    N_("Would a bone medicine help me? Which one fits my life?"),
    "bhof_1 can_23 can_23_suggest acr_vh40 acr_h40 acr_m40 acr_vh_lt40 acr_m_lt40 iof_treat dvo_2 nogg_3 nogg_4"
    " nogg_5 nogg_9 ms_6",
)
"""What to ask where a rule speaks for a bone medicine."""
ASKS = (
    _plain(
        N_("Should I have a bone scan?"),
        "iscd_ind iscd_ind_ms dvo_1 nice146_4 nice146_5 nice146_5_gc nogg_2 iof_dxa uspstf_25 ms_3 ms_5_thresholds",
    ),
    TREATMENT,
    _plain(N_("Is my vitamin D high enough?"), "ms_3 dose_1"),
    _plain(N_("Do I have a broken bone in my back that I have not felt?"), "nogg_7"),
)
PLANS = {
    "exercise": N_("Train your muscles and your balance."),
    "exercise-with-impact": N_("Train with jumps or dance, if you walk well."),
    "falls-programme": N_("Join a class that trains balance and helps you not to fall."),
    "calcium-vitamin-d": N_("Get enough calcium and vitamin D."),
    "stop-smoking": N_("Stop smoking."),
    "steroid-sparing": N_("Take fewer steroid tablets. Do this step by step, and only with your doctor."),
}
"""The plans of the library that are something to do; a scenario is not."""
MEDICINES = {
    "alendronate": N_("A bone medicine, taken as a tablet each week. Ask if you need one."),
    "zoledronate": N_("A bone medicine, given by drip once a year. Ask if you need one."),
    "denosumab": N_(
        "A bone medicine, given as a shot twice a year. Ask if you need one. Never stop it on your own."
    ),
}
"""Those that a doctor has to give; they come after what one can do, and only where a rule speaks for one."""
CAUSES = {
    "falls": N_("Falls, because of MS"),
    "unloading": N_("Moving less"),
    "oral_steroids": N_("Steroid tablets"),
    "pulses": N_("Short steroid courses"),
    "nutrition": N_("Calcium and vitamin D"),
    "smoking_alcohol": N_("Smoking and alcohol"),
    "medicines": N_("Other medicines"),
}
"""What adds to the chance of breaking a bone, beside age."""
GAPS = {
    "falls in the last year": N_(
        "How often did you fall in the last year? Tell them. It helps a lot to know."
    ),
    "earlier fractures": N_("Have you broken a bone as an adult? Tell them which one, and when."),
    "menopause": N_("When did your periods stop? Or have they not?"),
    "height and weight": N_("Tell them your height and weight."),
    "parental hip fracture": N_("Did your mother or father break a hip?"),
    "smoking": N_("Do you smoke?"),
}
"""What a record may not say, as a question to bring along."""
GAPS_LATE = {"menopause": N_("When did your periods stop?")}
"""The same for people in whom it is long settled that they did."""
