"""Virtual people: the population of a study, and a register of people with MS or of the general population."""

from trabecula.people.disease import expected_edss as expected_edss
from trabecula.people.disease import half_steps as half_steps
from trabecula.people.register import VirtualRegister
from trabecula.people.sampling import MsPopulation, Population, TruncatedNormal, sample, spread_over, strata
from trabecula.people.sampling import stratified_normals as stratified_normals
