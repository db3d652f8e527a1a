"""Registering a factory works on both engines."""

from marketplace.features.registry.commands import record_factory


def test_a_factory_with_a_code_is_registered_and_a_second_save_changes_nothing(world):
    values = {"name": "（虚构）莆田市白塘鞋业有限公司", "uscc": "91350303MAXFD1YM2X"}
    from marketplace.base.identifiers import uscc_check_digit

    values["uscc"] = values["uscc"][:17] + uscc_check_digit(values["uscc"])

    def admit(session):
        return record_factory(
            session,
            world.rulebook,
            clock=world.clock,
            actor=world.officer,
            values=values,
            source="test",
        )

    first, second = world.do(admit), world.do(admit)
    assert (first.outcome.value, second.outcome.value) == ("inserted", "unchanged")
