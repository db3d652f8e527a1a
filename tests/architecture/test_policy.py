"""Every command and query that has an actor asks the one policy table."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cache

from marketplace.base.access.policy import TABLE
from tests.architecture.sources import Module, called, literals, modules

GUARDS = {"require", "require_place", "require_stores", "narrow", "may"}


def area_of(module: Module) -> str | None:
    """Return the area of a module of commands or queries, or None for any other."""
    parts = module.place.removesuffix(".py").split("/")
    if "commands" not in parts and "queries" not in parts:
        return None
    return parts[2] if parts[1] in {"features", "base"} else parts[1]


@cache
def functions() -> tuple[tuple[str, Module, ast.FunctionDef], ...]:
    """Return every function of commands and queries with its area."""
    return tuple(
        (area, module, node)
        for module in modules()
        if (area := area_of(module)) is not None
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef)
    )


def takes_actor(function: ast.FunctionDef) -> bool:
    given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return any(argument.arg == "actor" for argument in given)


def names_called(function: ast.FunctionDef) -> set[str]:
    return {called(node) for node in ast.walk(function) if isinstance(node, ast.Call)}


def guarded(area: str) -> set[str]:
    """Return the area's functions that ask the table, themselves or through one another."""
    calls: dict[str, set[str]] = defaultdict(set)
    for where, _, function in functions():
        if where == area:
            calls[function.name] |= names_called(function)
    asking = {name for name, made in calls.items() if made & GUARDS}
    while True:
        more = {name for name, made in calls.items() if made & asking} - asking
        if not more:
            return asking
        asking |= more


def public_with_actor() -> list[tuple[str, Module, ast.FunctionDef]]:
    return [
        (area, module, function)
        for area, module, function in functions()
        if takes_actor(function) and not function.name.startswith("_")
    ]


def test_every_function_with_an_actor_has_a_policy_row():
    missing = [
        f"{area}.{function.name} ({module.at(function)})"
        for area, module, function in public_with_actor()
        if f"{area}.{function.name}" not in TABLE
    ]
    assert missing == []


def test_every_function_with_an_actor_asks_the_policy_table():
    asking = {area: guarded(area) for area in {area for area, _, _ in functions()}}
    silent = [
        f"{area}.{function.name} ({module.at(function)})"
        for area, module, function in public_with_actor()
        if function.name not in asking[area]
    ]
    assert silent == []


def test_every_action_that_code_asks_for_has_a_policy_row():
    """An action without a row would be an error at the moment somebody uses it."""
    missing = [
        f"{action} ({module.at(call)})"
        for module in modules()
        for call in module.calls()
        if called(call) in GUARDS and len(call.args) > 1
        for action in literals(call.args[1])
        if "." in action and action not in TABLE
    ]
    assert missing == []


def test_every_policy_row_is_of_an_action_somewhere_in_the_code():
    asked = {
        action
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for action in (node.value,)
        if action in TABLE
    }
    assert sorted(set(TABLE) - asked) == []


def test_commands_and_queries_are_given_their_actor():
    """A command writes as somebody; only what the store itself does needs nobody."""
    found = {area for area, _, _ in public_with_actor()}
    assert {"registry", "catalog", "enforcement", "progress", "promotion"} <= found
