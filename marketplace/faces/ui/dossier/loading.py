"""Reads everything a dossier shows, on one state of the database."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from marketplace.base.access import Actor, Scope, may
from marketplace.base.access.queries import accounts_of_operator, names_of
from marketplace.base.audit import EntryRow, list_entries
from marketplace.base.files import FileView, list_files
from marketplace.desk.factory_figures import read_beside
from marketplace.desk.todo import Task, list_todo
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog import queries as catalog
from marketplace.features.compliance.charts import Beside
from marketplace.features.compliance.studies import Study, study_factory
from marketplace.features.enforcement.queries import (
    FactoryPoints,
    FindingRow,
    OffenseMark,
    list_findings,
    list_offenses,
    points_of_factory,
)
from marketplace.features.history.queries import (
    DisclosureState,
    EarlierRow,
    ViewRow,
    find_disclosure,
    list_disclosure_views,
    list_earlier_records,
)
from marketplace.features.progress import queries as progress
from marketplace.features.progress.queries.standing import InspectionRow, Standing
from marketplace.features.registry import queries as registry
from marketplace.features.registry.tables import Affiliate, ContractWork

PRODUCTS = 60


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of one factory as its reader may see it."""

    who: registry.FactoryProfile
    officer: str | None
    owners: tuple[tuple[int, str], ...]
    standing: Standing
    enrollment: progress.EnrollmentRow | None
    inspections: tuple[InspectionRow, ...]
    evidence: tuple[tuple[str, str, int], ...]  # (condition, evidence kind, file use)
    stores: tuple[registry.StoreRow, ...]
    sources: tuple[registry.SourcedValue, ...]
    conflicts: tuple[registry.ConflictRow, ...]
    changes: tuple[registry.ChangeRequestRow, ...]
    affiliates: tuple[Affiliate, ...]
    contract: tuple[ContractWork, ...]
    points: FactoryPoints
    findings: tuple[FindingRow, ...]
    study: Study
    beside: Beside
    earlier: tuple[EarlierRow, ...]
    disclosure: DisclosureState | None
    views: tuple[tuple[str, ViewRow], ...]  # (who looked, when and why)
    offenses: tuple[OffenseMark, ...]
    brands: tuple[catalog.BrandRow, ...]
    marks: dict[int, list[catalog.TrademarkRow]]
    products: tuple[catalog.ProductRow, ...]
    files: tuple[FileView, ...]
    tasks: tuple[Task, ...]
    trail: tuple[EntryRow, ...]

    @property
    def scope(self) -> Scope:
        """The scope of this factory, for asking what its reader may do."""
        return Scope(self.who.program, self.who.district, self.who.operator_id)


def load(page: Here, factory_id: int) -> Dossier:
    """Return the dossier of a factory.

    Raises:
        NotFound: when there is none, or this reader may not know of it.
    """
    actor, clock, rulebook = page.actor, page.app.clock, page.rulebook
    with reading(page) as s:
        who = registry.get_factory(s, actor, factory_id=factory_id)
        operator_id = who.operator_id
        standing = progress.get_standing(s, actor, rulebook, clock=clock, factory_id=factory_id)
        brands = catalog.list_brands(s, actor, operator_id=operator_id)
        owners = names_of(s, set(accounts_of_operator(s, operator_id)))
        officer = names_of(s, {who.officer_id} if who.officer_id else set())
        scope = Scope(who.program, who.district, operator_id)
        tasks = (
            [
                t
                for t in list_todo(s, actor, rulebook, clock=clock)
                if t.factory_id == factory_id or t.facts.get("operator_id") == operator_id
            ]
            if may(actor, "desk.list_todo", scope)
            else []
        )
        return Dossier(
            who=who,
            officer=next(iter(officer.values()), None),
            owners=tuple(sorted(owners.items())),
            standing=standing,
            enrollment=progress.find_enrollment(s, actor, operator_id=operator_id),
            inspections=tuple(progress.list_inspections(s, actor, factory_id=factory_id)),
            evidence=tuple(
                (step.key, kind, use_id)
                for step in standing.steps
                if step.certification_id is not None
                for kind, use_id in progress.list_evidence(
                    s, actor, certification_id=step.certification_id
                )
            ),
            stores=tuple(registry.list_stores(s, actor, factory_id=factory_id)),
            sources=tuple(registry.list_sources(s, actor, factory_id=factory_id)),
            conflicts=tuple(
                c
                for c in registry.list_conflicts(s, actor, program=who.program)
                if c.factory_id == factory_id
            ),
            changes=tuple(registry.list_change_requests(s, actor, factory_id=factory_id)),
            affiliates=tuple(registry.list_affiliates(s, actor, operator_id=operator_id)),
            contract=tuple(registry.list_contract_work(s, actor, factory_id=factory_id)),
            points=points_of_factory(s, actor, factory_id=factory_id),
            findings=tuple(list_findings(s, actor, factory_id=factory_id)),
            study=study_factory(s, actor, rulebook, clock=clock, factory_id=factory_id),
            beside=read_beside(s, page.actor, page.lang, factory_id=factory_id),
            earlier=tuple(list_earlier_records(s, actor, factory_id=factory_id)),
            disclosure=find_disclosure(s, actor, operator_id=operator_id),
            views=_views(s, actor, operator_id),
            offenses=tuple(list_offenses(s, actor, factory_id=factory_id)),
            brands=tuple(brands),
            marks={
                b.brand_id: catalog.list_trademarks(s, actor, brand_id=b.brand_id)
                for b in brands
            },
            products=tuple(
                catalog.list_products(
                    s, actor, clock=clock, factory_id=factory_id, limit=PRODUCTS
                )
            ),
            files=tuple(
                file
                for subject in (f"factory:{factory_id}", f"operator:{operator_id}")
                for file in list_files(s, actor, subject=subject)
            ),
            tasks=tuple(tasks),
            trail=tuple(list_entries(s, operator_id=operator_id, limit=30)),
        )


def _views(session: Session, actor: Actor, operator_id: int) -> tuple[tuple[str, ViewRow], ...]:
    rows = list_disclosure_views(session, actor, operator_id=operator_id)
    names = names_of(session, {row.viewed_by for row in rows})
    return tuple((names.get(row.viewed_by, "—"), row) for row in rows)
