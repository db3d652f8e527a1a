"""Processes of their own for tests: nothing shared but the database they open."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def processes() -> multiprocessing.context.ForkServerContext:
    """Return how such processes start: forked from one that has done nothing but import.

    Started one by one each would read the package anew, three seconds of a core.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.concurrency.hand"])
    return context


def pool(size: int) -> ProcessPoolExecutor:
    """Return a pool of such processes.

    Not multiprocessing.Pool: it starts a worker that dies at its start again and again, for ever.
    """
    return ProcessPoolExecutor(size, mp_context=processes())
