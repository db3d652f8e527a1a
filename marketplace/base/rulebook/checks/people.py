"""Whether two persons who must approve could ever be two persons."""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.base.rulebook.checks.given import (
    Found,
    Given,
    entries,
    names_of,
    repeated,
    texts,
)
from marketplace.base.text import normalize


def faults_of_people(given: Given) -> Iterator[Found]:
    """Give what would leave a decision to one desk alone, or to nobody."""
    roles: dict[str, object] = {}
    for place, person in entries(given, "people"):
        if person.get("logins") == []:
            yield (*place, "logins"), "logins_none", {}
        desk = [*texts(person, "logins"), *texts(person, "deputies")]
        for field in ("logins", "deputies"):
            for number, login in texts(person, field):
                yield from _of_login((*place, field, number), login)
        for _, login in repeated(desk):
            yield (*place, "logins"), "login_twice", {"login": login}
        for login in {login for _, login in desk}:
            if roles.setdefault(login, person.get("role")) != person.get("role"):
                yield (*place, "role"), "login_of_two_roles", {"login": login}
        second = person.get("second_person")
        if second is None:
            continue
        yield from _of_login((*place, "second_person"), second)
        if second in {login for _, login in desk}:
            yield (*place, "second_person"), "second_person_of_own_desk", {"login": second}
    yield from _never_confirmed(given, roles)


def _of_login(place: tuple[str | int, ...], login: str) -> Iterator[Found]:
    # An account's login is kept in this form; any other would never be met.
    if login.strip() and normalize(login).lower() != login:
        yield place, "login_form", {"login": login, "wanted": normalize(login).lower()}


def _never_confirmed(given: Given, roles: dict[str, object]) -> Iterator[Found]:
    """Where reviewers alone decide, an officer can neither approve first nor confirm."""
    if names_of(given, "people", field="logins") is None:
        return
    pairs: list[tuple[set[str], str]] = []
    for _, person in entries(given, "people"):
        if isinstance(person.get("second_person"), str):
            desk = {x for name in ("logins", "deputies") for _, x in texts(person, name)}
            pairs.append((desk, person["second_person"]))
    able = {login for login, role in roles.items() if role == "reviewer"}
    able |= {second for _, second in pairs if second not in roles}
    named = {login for desk, second in pairs for login in (*desk, second)} & able
    for place, condition in entries(given, "conditions"):
        alone = condition.get("decided_by") == "reviewer" and condition.get("second_person")
        if not alone:
            continue
        for first in sorted(named):
            others = {second for desk, second in pairs if first in desk}
            others |= {login for desk, second in pairs if second == first for login in desk}
            if not (others - {first}) & able:
                yield (*place, "second_person"), "second_person_never", {"login": first}
