"""The drugs that act on bone in this model, one file each."""

from trabecula.skeleton.drugs import (
    alendronate,
    calcium,
    denosumab,
    hormone_therapy,
    ibandronate,
    raloxifene,
    risedronate,
    romosozumab,
    teriparatide,
    vitamin_d,
    zoledronate,
)
from trabecula.skeleton.drugs.record import Drug

DRUGS: dict[str, Drug] = {
    module.DRUG.name: module.DRUG
    for module in (
        alendronate,
        risedronate,
        ibandronate,
        zoledronate,
        denosumab,
        teriparatide,
        romosozumab,
        raloxifene,
        hormone_therapy,
        calcium,
        vitamin_d,
    )
}
"""Every drug by its name."""

__all__ = ["DRUGS", "Drug"]
