"""The lives of `benchmarks/events.py` in starsim, in an environment of its own: prints events, deaths and seconds.

    PYTHON_OF_THAT_ENVIRONMENT benchmarks/events_starsim.py PEOPLE YEARS STEPS_A_YEAR yes|no

The hazards are those of `events.py`. Its fastest settings that keep one draw a person and step: no progress, no results
of its own, only a module that is needed; with common random numbers or without.
"""

import json
import sys
import time

import numpy as np


def module(ss, dt_y):
    """Fractures that may come again, and death, by hazards of age and a factor of each person."""

    class Bones(ss.Module):
        """Counts what happens."""

        def __init__(self):
            super().__init__()
            self.define_states(ss.FloatArr("frailty", default=1.0), ss.FloatArr("fractures", default=0.0))
            self.breaks, self.dies = ss.bernoulli(p=0.0), ss.bernoulli(p=0.0)
            self.events = self.deaths = 0

        def step(self):
            """One step."""
            people = self.sim.people
            grown = np.exp(0.08 * (np.asarray(people.age) - 60.0))
            self.breaks.set(p=-np.expm1(-0.01 * grown * np.asarray(self.frailty) * dt_y))
            self.dies.set(p=-np.expm1(-0.01 * grown * dt_y))
            dying, broken = self.dies.filter(), self.breaks.filter()
            self.fractures[broken] += 1
            self.events, self.deaths = self.events + len(broken), self.deaths + len(dying)
            people.request_death(dying)

    return Bones()


def main(people, years, steps, keyed):
    """Live, and say how long it took without the setting up."""
    import starsim as ss

    ss.options(crn=keyed == "yes", verbose=0)
    sim = ss.Sim(
        n_agents=people, start=ss.years(2000), stop=ss.years(2000 + years - 1 / steps), dt=ss.years(1 / steps),
        modules=module(ss, 1 / steps), use_aging=True, verbose=0, copy_inputs=False,
    )  # fmt: skip
    sim.init()
    rng, bones = np.random.default_rng(1), next(iter(sim.modules))
    sim.people.age[:] = rng.uniform(50.0, 80.0, people)
    bones.frailty[:] = np.exp(rng.normal(0.0, 0.5, people) - 0.125)
    begun, used = time.perf_counter(), time.process_time()
    sim.run()
    took, used = time.perf_counter() - begun, time.process_time() - used
    found = {"events": bones.events, "deaths": bones.deaths, "seconds": took, "processor_s": used}
    print(json.dumps({**found, "version": ss.__version__}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), sys.argv[4])
