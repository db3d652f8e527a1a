"""A firm with everything in order: enrolled, its own brand, a verified product in a collection."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from PIL import Image
from sqlmodel import Session

from marketplace.base.access import Actor, Role
from marketplace.base.access.tables import (
    Account,
    AccountOperator,
    AccountProgram,
    AccountStatus,
    Capacity,
)
from marketplace.base.clock import today
from marketplace.base.files import receive_file
from marketplace.base.identifiers import uscc_check_digit
from marketplace.features.catalog import commands as catalog
from marketplace.features.catalog.kinds import (
    DesignBasis,
    HolderKind,
    PhotoRole,
    ProductVerdict,
    TestOutcome,
    TrademarkStatus,
)
from marketplace.features.enforcement import commands as enforcement
from marketplace.features.enforcement.kinds import Origin
from marketplace.features.progress import commands as progress
from marketplace.features.progress.queries import is_enrolled, time_zero
from marketplace.features.promotion import commands as promotion
from marketplace.features.registry import commands as registry
from tests.features.conftest import PROGRAM, World
from tests.features.once import step

DAY = timedelta(days=1)


def uscc(number: int) -> str:
    body = f"91350304MA{number:07d}"
    return body + uscc_check_digit(body)


def picture(shade: int = 120) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 80, 60)).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass
class Scene:
    """One firm's numbers, and who acts."""

    world: World
    owner: Actor
    operator_id: int
    factory_id: int
    store_id: int
    brand_id: int
    trademark_id: int
    enrollment_id: int
    product_ids: list[int]
    report_ids: list[int]
    number: int = 1
    collection_id: int = 0

    @property
    def clock(self):
        return self.world.clock

    def do(self, work: Callable[[Session], object]):
        return self.world.do(work)

    def finding(self, product_ids: tuple[int, ...] = (), *, number: int = 1) -> int:
        """Record a finding; suspected until it is decided."""
        return self.do(
            lambda s: enforcement.record_finding(
                s,
                clock=self.clock,
                actor=self.world.officer,
                store_id=self.store_id,
                origin=Origin.RIGHT_HOLDER,
                listings=1,
                found_on=today(self.clock),
                statement="图形近似",
                reference=f"f{number}",
                product_ids=product_ids,
            )
        )

    def uphold(self, finding_id: int) -> None:
        """Hear the owner, then uphold."""
        self.do(
            lambda s: enforcement.hear_owner(
                s,
                clock=self.clock,
                actor=self.world.officer,
                finding_id=finding_id,
                statement="厂方说明情况",
            )
        )
        self.do(
            lambda s: enforcement.decide_finding(
                s,
                self.world.rulebook,
                clock=self.clock,
                actor=self.world.reviewer,
                finding_id=finding_id,
                uphold=True,
                reason="两人复核认定",
                time_zero=time_zero,
            )
        )

    def report(
        self,
        product_id: int,
        number: str,
        *,
        outcome=TestOutcome.PASSED,
        days=700,
        ago=1,
        by=None,
    ) -> int:
        """Record a test report of a product, issued some days ago, by the officer or another."""
        standards = next(
            c for c in self.world.rulebook.product.categories if c.key == self.category
        ).standards
        return self.do(
            lambda s: catalog.record_test_report(
                s,
                clock=self.clock,
                actor=by or self.world.officer,
                product_id=product_id,
                report_no=number,
                laboratory="衡川检测（虚构）",
                cma_no="230000000000",
                standard=standards[0],
                outcome=outcome,
                issued_on=today(self.clock) - ago * DAY,
                valid_until=today(self.clock) + days * DAY,
            )
        )

    @property
    def category(self) -> str:
        return self.world.rulebook.product.categories[0].key

    def draft(self, model: str, *, shade: int = 120) -> int:
        """Draft a complete product but for its test report."""
        product_id = self.do(
            lambda s: catalog.draft_product(
                s,
                clock=self.clock,
                actor=self.owner,
                brand_id=self.brand_id,
                factory_id=self.factory_id,
                model_no=model,
                name_zh=f"晨跑{model}",
                values={
                    "category": self.category,
                    "price_fen": 29_900,
                    "materials": {"鞋面": "网布"},
                    "description_zh": "自有楦型",
                    "design_basis": DesignBasis.DESIGN_PATENT.value,
                    "design_reference": "ZL20240001",
                    "design_on": date(2024, 1, 5),
                },
            )
        )
        use_id = self.do(
            lambda s: receive_file(
                s,
                clock=self.clock,
                actor=self.owner,
                content=picture(shade),
                name="shoe.png",
                purpose="product",
                subject=f"product:{product_id}",
                program=PROGRAM,
                operator_id=self.operator_id,
                data_dir=self.world.app.data_dir,
            )
        )
        self.do(
            lambda s: catalog.attach_photo(
                s,
                clock=self.clock,
                actor=self.owner,
                product_id=product_id,
                use_id=use_id,
                role=PhotoRole.MAIN,
            )
        )
        return product_id

    def submit(self, product_id: int, *, actor: Actor | None = None):
        return self.do(
            lambda s: catalog.submit_product(
                s,
                self.world.rulebook,
                clock=self.clock,
                actor=actor or self.owner,
                product_id=product_id,
            )
        )

    def decide(self, product_id: int, verdict=ProductVerdict.VERIFIED, *, actor=None, **more):
        more.setdefault("design_compared", True)
        return self.do(
            lambda s: catalog.decide_product(
                s,
                self.world.rulebook,
                clock=self.clock,
                actor=actor or self.world.reviewer,
                product_id=product_id,
                verdict=verdict,
                is_enrolled=is_enrolled,
                **more,
            )
        )

    def ask_for_name(self, name_en: str | None, story_zh: str | None = None, **more) -> int:
        """Ask for another name or story of the brand; return the request."""
        return self.do(
            lambda s: catalog.submit_brand_change(
                s,
                self.world.rulebook,
                clock=self.clock,
                actor=self.owner,
                brand_id=self.brand_id,
                name_en=name_en,
                story_zh=story_zh,
                story_en=None,
                **more,
            )
        )

    def list_on_platform(self, product_id: int, number: str, **facts) -> int:
        """Record a listing by the officer, in the firm's own store unless told otherwise."""
        given = {
            "store_id": self.store_id,
            "url": f"https://shop.example/{number}",
            "price_fen": 29_900,
            "stock": 500,
            "stock_as_of": self.clock.now(),
            "actor": self.world.officer,
        }
        return self.do(
            lambda s: promotion.record_listing(
                s,
                self.world.rulebook,
                clock=self.clock,
                product_id=product_id,
                item_no=number,
                **{**given, **facts},
            )
        )[0]


def account(world: World, actor: Actor, *, operator_id: int | None = None) -> Actor:
    """Make an actor's account real, so that messages reach it; the number is the account's."""

    def work(session: Session) -> int:
        from marketplace.base import audit
        from marketplace.base.access import SYSTEM

        row = Account(
            login=actor.login,
            name=actor.login,
            role=actor.role,
            status=AccountStatus.ACTIVE,
            created_at=world.clock.now(),
        )
        session.add(row)
        session.flush()
        if operator_id is None:
            session.add(AccountProgram(account_id=row.key, program=PROGRAM))
        else:
            session.add(
                AccountOperator(
                    account_id=row.key, operator_id=operator_id, capacity=Capacity.HEAD
                )
            )
        audit.record(
            session,
            clock=world.clock,
            actor=SYSTEM,
            action="access.create_account",
            subject=f"account:{row.key}",
        )
        return row.key

    return replace(actor, account_id=world.do(work))


@step
def make_people(world: World) -> None:
    """Give every actor of the world an account of its own."""
    for name in ("officer", "deputy", "reviewer", "marketer", "auditor"):
        setattr(world, name, account(world, getattr(world, name)))


@step
def make_firm(
    world: World, *, number: int = 1, products: int = 2, licensed: bool = False
) -> Scene:
    """Register, enroll, brand and verify; every step by the person whose step it is.

    With `licensed` the mark is an affiliate's and the firm uses it by license.
    """
    clock, rules = world.clock, world.rulebook
    made = world.do(
        lambda s: registry.record_factory(
            s,
            rules,
            clock=clock,
            actor=world.officer,
            values={
                "name": f"（虚构）莆田市第{number}鞋业有限公司",
                "uscc": uscc(number),
                "address": f"莆田市荔城区{number}号",
            },
            source="测试",
        )
    )
    owner = account(
        world,
        Actor(0, f"owner{number}", "厂长", Role.OWNER, frozenset({PROGRAM}), frozenset(),
              frozenset({made.operator_id})),
        operator_id=made.operator_id,
    )  # fmt: skip
    holding = world.do(
        lambda s: registry.declare_store(
            s,
            clock=clock,
            actor=owner,
            factory_id=made.factory_id,
            platform="示例平台",
            store_no=f"T{number}",
            name=f"第{number}店",
            from_on=today(clock) - 400 * DAY,
            basis="营业执照",
        )
    )
    world.do(
        lambda s: registry.confirm_holding(
            s, clock=clock, actor=world.officer, holding_id=holding
        )
    )
    from marketplace.features.registry.tables import StoreHolding

    store_id = world.see(lambda s: s.get(StoreHolding, holding).store_id)
    enrollment = world.do(
        lambda s: progress.apply_enrollment(
            s,
            clock=clock,
            actor=owner,
            operator_id=made.operator_id,
            signed_on=today(clock),
            signed_by="厂长",
        )
    )
    world.do(
        lambda s: progress.accept_enrollment(
            s, clock=clock, actor=world.officer, enrollment_id=enrollment
        )
    )
    brand = world.do(
        lambda s: catalog.add_brand(
            s,
            clock=clock,
            actor=owner,
            operator_id=made.operator_id,
            name_zh=f"青禾{number}",
        )
    )
    affiliate = None
    if licensed:
        affiliate = world.do(
            lambda s: registry.declare_affiliate(
                s,
                clock=clock,
                actor=owner,
                operator_id=made.operator_id,
                name="（虚构）青禾商标持有公司",
                relation="同一控制人",
            )
        )
    mark = world.do(
        lambda s: catalog.record_trademark(
            s,
            clock=clock,
            actor=owner,
            brand_id=brand,
            number=f"7700000{number}",
            nice_class=rules.product.nice_class,
            status=TrademarkStatus.REGISTERED,
            holder_kind=HolderKind.AFFILIATE if licensed else HolderKind.FIRM,
            holder_name="（虚构）本企业",
            affiliate_id=affiliate,
            license_until=date(2035, 1, 7) if licensed else None,
            registered_on=date(2020, 1, 7),
            valid_until=date(2040, 1, 7),
        )
    )
    world.do(
        lambda s: catalog.check_trademark(
            s, rules, clock=clock, actor=world.officer, trademark_id=mark
        )
    )
    scene = Scene(
        world, owner, made.operator_id, made.factory_id, store_id, brand, mark, enrollment, [], [],
        number,
    )  # fmt: skip
    for n in range(products):
        product = scene.draft(f"{number}-{n}", shade=40 + 20 * n)
        scene.report_ids.append(scene.report(product, f"R{number}-{n}"))
        scene.submit(product)
        scene.decide(product)
        scene.list_on_platform(product, f"6{number:05d}{n}")
        scene.product_ids.append(product)
    return scene


def clear_windows(world: World) -> None:
    """Let the objection windows pass; stock is refreshed by the caller where it matters."""
    ends = world.rulebook.featuring.objection_working_days * 3 + 10
    world.clock.advance(days=ends)
    world.do(lambda s: promotion.clear_due_windows(s, clock=world.clock, program=PROGRAM))


def feature(world: World, scenes: list[Scene], *, slots: int) -> int:
    """Publish a collection that shows the scenes' products, running now."""
    clock = world.clock
    for scene in scenes:
        for n, product in enumerate(scene.product_ids):
            scene.list_on_platform(product, f"6{scene.number:05d}{n}")
    collection = world.do(
        lambda s: promotion.create_collection(
            s,
            world.rulebook,
            clock=clock,
            actor=world.marketer,
            title_zh="冬季专场",
            title_en="Winter",
            starts_at=clock.now() + timedelta(hours=2),
            ends_at=clock.now() + 30 * DAY,
            slot_count=slots,
        )
    )
    world.do(
        lambda s: promotion.fill_by_rotation(
            s,
            world.rulebook,
            clock=clock,
            actor=world.marketer,
            collection_id=collection,
            seed=1,
        )
    )
    world.do(
        lambda s: promotion.publish_collection(
            s, world.rulebook, clock=clock, actor=world.marketer, collection_id=collection
        )
    )
    world.clock.advance(hours=3)
    for scene in scenes:
        scene.collection_id = collection
    return collection
