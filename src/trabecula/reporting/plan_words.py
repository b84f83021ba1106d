"""What rooms below say of plans, beside their own files: objections, sizes of what comes with one, what is left out."""

from trabecula.reporting.model_words import N_

REPEATED = {
    "pulses-monthly": N_("Single infusions, {n} a year"),
    "pulses-yearly": N_("Courses of three infusions, {n} a year"),
    "pulses-yearly-with-taper": N_("Courses of three infusions and a taper of tablets, {n} a year"),
}
"""Plans of the library that repeat courses, as they are called with another number of them."""
PLANS = (
    *REPEATED.values(),
    N_("The record says that as much calcium or vitamin D is taken already; the plan adds none."),
    # objections
    N_("A plan begins on the day of assessment or later."),
    N_("Who has smoked can stop, and not never have smoked."),
    N_("A course of disability needs MS."),
    N_("There is nothing that this plan could change."),
    N_(
        "After the last dose of denosumab bone is lost quickly, and vertebrae may break, unless another medicine takes"
        " over in time."
    ),
    N_("Tablets that were taken for weeks must be tapered, never stopped at once."),
    N_("Romosozumab was tried and approved in women after the menopause."),
    N_("Jumps and running are for people who walk without an aid; a physical therapist finds what is safe."),
    N_("Two bone medicines at once: their effects are added up here as if nothing else happened."),
    N_("Ask whether a pregnancy is possible before a bone medicine is begun."),
    # what else training does
    N_("{one}: lower by this much in people who move from {low} to {high} MET-minutes a week"),
    N_("Disease of heart and vessels, stroke included"),
    N_("Type 2 diabetes"),
    N_("Colon cancer, the most active (8,000 MET-minutes a week and more of all activity) against the least"),
    N_("Breast cancer, the same"),
    N_("Stroke, the same"),
    N_("Sleep: better after three weeks of daily exercise in 46 people with MS; there was no control group"),
    # sizes
    N_("{one}, against {other}"),
    N_("{n} %"),
    N_("{n} ({low} to {high}) %"),
    N_("{n} % ({low} to {high})"),
    N_("{n} % ({low} to {high}) lower"),
    N_("{n} per {many} py"),
    N_("{n} ({low} to {high}) per {many} py"),
    N_("{n} persons"),
    # what is left out
    N_("No side effect of {drug} is on file here."),
)
