"""What was worked out for a person, as FHIR says it: risks, scores, proposals, the report, and where all of it is from.

Everything here is a proposal or an estimate and says so: statuses are drafts, intents are proposals, scores have a code
of their own (whoever reads a T-score by its LOINC code reads a measurement), and the figures that an assessment does
not tell are not told here either.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trabecula.adapters.fhir.building import ESTIMATES, coded, concept, exact, extension, given, hl7, quantity
from trabecula.adapters.fhir.elements import Element
from trabecula.assessment.figures import Interval, rounded
from trabecula.assessment.results import Assessment, BoneSite, Risk
from trabecula.guidelines.plan_tasks import Task, months_after
from trabecula.units import MONTHS_PER_YEAR, PER_CENT
from trabecula.vocabulary import FRACTURE_SITES, SKELETAL_SITES, site_name
from trabecula.words.language import Language
from trabecula.words.message import Message

INTERVAL = "urn:trabecula:fhir:interval:1"
"""The address of the extension with the ends of an interval."""
FINDINGS = "urn:trabecula:evidence:1"
"""Whose identifiers the findings of the registry are."""
SERVICES = frozenset(
    {
        "dxa", "vertebral_imaging", "vitamin_d", "calcium", "renal_function", "dental_check", "physiotherapy",
        "falls_prevention", "fracture_risk", "ckd_mbd",
    }
)  # fmt: skip
"""Kinds of tasks that somebody else is asked for: each is a ServiceRequest."""
_DXA = {"system": "http://snomed.info/sct", "code": "312681000", "display": "bone density scan"}
_LISTED = "; "


@dataclass(frozen=True)
class ReportFile:
    """A report as it is handed over."""

    content: bytes
    media_type: str
    """As `text/html`."""
    title: str

    @classmethod
    def page(cls, page: str, lang: Language) -> "ReportFile":
        """A page in HTML."""
        return cls(page.encode(), "text/html", lang.text("fhir_out.report_title"))


@dataclass(frozen=True)
class Estimates:
    """An assessment to be written, in a language; `basis`: references to the resources of the record."""

    answer: Assessment
    lang: Language
    basis: Sequence[Element]

    @property
    def day(self) -> str:
        """The day of assessment."""
        return self.answer.date.isoformat()

    def resources(self) -> Iterator[Element]:
        """Risks, scores, and what is proposed; services first, since the plan refers to them."""
        yield self.risks()
        for site in self.answer.bone:
            yield from (self.score(site, kind) for kind in ("t_score", "z_score"))
        yield from (self.service(task) for task in self.services)

    @property
    def services(self) -> list[Task]:
        """What somebody else is asked for."""
        return [task for task in self.answer.tasks if task.task in SERVICES]

    def say(self, id: str, **values: Any) -> str:
        """A sentence of this file."""
        return self.lang.say(Message(f"fhir_out.{id}", values))

    # ------------------------------------------------------------ risks

    def risks(self) -> Element:
        """The chance of a fracture at each site, within each horizon, death competing."""
        answer = self.answer
        method = self.say("method", version=answer.software.version, draws=answer.draws, seed=answer.seed)
        notes = [note for note in (answer.statement, answer.caution) if note]
        return given(
            resourceType="RiskAssessment",
            language=self.lang.code,
            status="final",
            method=concept(method, {"system": ESTIMATES, "code": "fracture-risk", "version": answer.software.version}),
            code=concept(self.say("fracture_risk"), {"system": ESTIMATES, "code": "fracture-risk"}),
            occurrenceDateTime=self.day,
            basis=list(self.basis),
            prediction=[self.prediction(risk) for risk in answer.risks],
            mitigation=self.mitigation(),
            note=[{"text": self.lang.say(note)} for note in notes],
        )

    def prediction(self, risk: Risk) -> Element:
        """One site within one horizon; where no figure is told, none is written."""
        row = FRACTURE_SITES.get(risk.site)
        site = self.lang.heading(site_name(risk.site))
        outcome = concept(site, *(coded(row).get("coding", []) if row else []))
        head = {"outcome": outcome} | self._figures(risk)
        return given(**head, whenPeriod=self._within(risk), rationale=self._rationale(risk))

    def _figures(self, risk: Risk) -> Element:
        """The mean over the draws [%], and how it stands to the average."""
        if risk.above_measured is not None:
            return {}
        figures = {"probabilityDecimal": per_cent(risk.risk.mean)}
        if risk.average > 0:
            figures["relativeRisk"] = exact(rounded(risk.risk.mean / risk.average))
        ends = {"low": quantity_of(risk.risk.low), "high": quantity_of(risk.risk.high)}
        return {"extension": [extension(INTERVAL, valueRange=ends)], **figures}

    def _within(self, risk: Risk) -> Element | None:
        """From the day of assessment to the horizon; a lifetime has no last day."""
        if risk.horizon_y == "lifetime":
            return None
        last = months_after(self.answer.date, risk.horizon_y * MONTHS_PER_YEAR)
        return {"start": self.day, "end": last.isoformat()}

    def _rationale(self, risk: Risk) -> str:
        """The figure in a sentence, with its interval and the average."""
        lifetime = risk.horizon_y == "lifetime"
        within = Message("fhir_out.lifetime") if lifetime else Message("time.in_years", {"n": risk.horizon_y})
        values = {"site": site_name(risk.site), "within": within, "average": risk.average}
        if risk.above_measured is not None:
            return self.say("above", **values, least=risk.above_measured)
        held = round(PER_CENT * self.answer.interval)
        return self.say("rationale", **values, risk=risk.risk.mean, reach=(risk.risk.low, risk.risk.high), held=held)

    def mitigation(self) -> str:
        """What lowers the risk: the tasks of the dated plan."""
        return _LISTED.join(dict.fromkeys(self.lang.say(task.what) for task in self.answer.tasks))

    # ------------------------------------------------------------ scores

    def score(self, site: BoneSite, kind: str) -> Element:
        """A T- or Z-score of the day of assessment: the median over the draws, with its interval."""
        found: Interval = getattr(site.trajectory[site.now], kind)
        row = SKELETAL_SITES[site.site]
        place = [held for held in coded(row).get("coding", []) if "snomed" in held["system"]]
        ends = {"low": {"value": exact(found.low)}, "high": {"value": exact(found.high)}}
        unit = "{T-score}" if kind == "t_score" else "{Z-score}"
        return {
            "resourceType": "Observation",
            "language": self.lang.code,
            "extension": [extension(INTERVAL, valueRange=ends)],
            "status": "final",
            "code": concept(self.say(kind, site=row.name), {"system": ESTIMATES, "code": kind.replace("_", "-")}),
            "effectiveDateTime": self.day,
            "valueQuantity": quantity(found.median, unit, unit),
            "bodySite": concept(self.lang.say(row.name), *place),
            "method": concept(self.say("score_method", scans=site.scans, n=site.scans)),
        }

    # ------------------------------------------------------------ proposals

    def service(self, task: Task) -> Element:
        """Something that somebody else is asked for: a draft that a clinician may make an order."""
        code = concept(self.lang.say(task.what), *([_DXA] if task.task == "dxa" else []))
        return given(
            resourceType="ServiceRequest",
            language=self.lang.code,
            status="draft",
            intent="proposal",
            code=code,
            occurrencePeriod=self._by(task),
            authoredOn=self.day,
            performerType={"text": self.lang.say(task.who)},
            reasonCode=[{"text": self.lang.say(task.why)}],
            note=self._notes(task),
        )

    def plan(self, services: Sequence[Element]) -> Element:
        """The dated plan: requests by reference, everything else described in place."""
        requests = {id(task): request for task, request in zip(self.services, services, strict=True)}
        steps = [
            {"reference": requests[id(task)]} if id(task) in requests else {"detail": self._step(task)}
            for task in self.answer.tasks
        ]
        return given(
            resourceType="CarePlan",
            language=self.lang.code,
            status="draft",
            intent="proposal",
            title=self.say("plan_title"),
            created=self.day,
            activity=steps,
            note=[{"text": self.lang.say(self.answer.statement)}],
        )

    def _step(self, task: Task) -> Element:
        """A step that is no request."""
        what = f"{self.lang.say(task.what)} ({self.lang.say(task.who)})"
        reasons = [{"text": self.lang.say(task.why)}]
        return given(status="not-started", reasonCode=reasons, scheduledPeriod=self._by(task), description=what)

    def _by(self, task: Task) -> Element:
        """From today to the day by which it is to be done."""
        return {"start": self.day, "end": task.date.isoformat()}

    def _notes(self, task: Task) -> list[Element]:
        """Whose rule asks for it, and what of the time is ours."""
        texts = (task.source, self.lang.say(task.ours))
        return [{"text": text} for text in texts if text]

    # ------------------------------------------------------------ report and origin

    def document(self, report: ReportFile) -> Element:
        """The report, whole, in the file."""
        held = {
            "contentType": report.media_type, "language": self.lang.code, "title": report.title, "creation": self.day,
            "data": base64.b64encode(report.content).decode(), "size": len(report.content),
            "hash": base64.b64encode(hashlib.sha1(report.content, usedforsecurity=False).digest()).decode(),
        }  # fmt: skip
        return {
            "resourceType": "DocumentReference",
            "language": self.lang.code,
            "status": "current",
            "type": {"text": report.title},
            "date": self._instant,
            "content": [{"attachment": held}],
        }

    def origin(self, targets: Sequence[Element]) -> Element:
        """What made all of it, and from what: the program, the record, and the findings behind the numbers."""
        who = {"display": f"Trabecula {self.answer.software.version}"}
        findings = [{"identifier": {"system": FINDINGS, "value": name}} for name in self.answer.evidence.findings]
        return {
            "resourceType": "Provenance",
            "target": list(targets),
            "occurredDateTime": self.day,
            "recorded": self._instant,
            "agent": [{"type": hl7("provenance-participant-type", "assembler"), "who": who}],
            "entity": [{"role": "source", "what": what} for what in (*self.basis, *findings)],
        }

    @property
    def _instant(self) -> str:
        """The beginning of the day of assessment: the same question gives the same file, whenever it is asked."""
        return f"{self.day}T00:00:00Z"


def per_cent(share: float) -> Decimal:
    """A share as FHIR writes probabilities [%]."""
    return (exact(share) * round(PER_CENT)).normalize() + 0


def quantity_of(share: float) -> Element:
    """One end of an interval [%]."""
    return {"value": per_cent(share), "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
