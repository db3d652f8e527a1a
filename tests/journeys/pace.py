"""The pace of a person: nothing is looked at or pressed before the page stands still."""

from __future__ import annotations

STILL_MS = 600  # a press needs this long at most to reach the server of a busy machine
LONGEST_MS = 60_000

_STILL = """
() => {
  const app = document.querySelector('[data-testid="stApp"]');
  if (app?.dataset.testScriptState !== "notRunning") { window.stillFrom = null; return false; }
  window.stillFrom ??= performance.now();
  return performance.now() - window.stillFrom >= %d;
}
"""


def ready(page) -> None:
    """Wait until the app's script has not been running for a while."""
    page.evaluate("window.stillFrom = null")
    page.wait_for_function(_STILL % STILL_MS, timeout=LONGEST_MS)
