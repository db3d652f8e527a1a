"""The pace of a person: nothing is looked at or pressed before the page stands still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

LONGEST_MS = 60_000
HASTY_MS = 5_000  # a page at work longer than this is pressed while it works
# Asked at every frame, as is the custom, a page that only waits keeps 7 % of a core busy drawing
# frames that show nothing new; asked so, 1 %.
EVERY_MS = 50

# Runs before a page's own scripts: when anybody last pressed anything, when the page last told the
# server something, and when it last heard from it.
WATCH = """
(() => {
  const Plain = window.WebSocket;
  window.pressedAt = 0;
  for (const kind of ["pointerdown", "keydown", "input", "change"]) {
    addEventListener(kind, () => { window.pressedAt = performance.now(); }, { capture: true });
  }
  window.toldAt = 0;
  window.heardAt = 0;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => { window.heardAt = performance.now(); });
    }
    send(what) {
      window.toldAt = performance.now();
      super.send(what);
    }
  };
})();
"""

# Still: connected, something shown, no script running, and nothing told that is not answered.
# Not everything told is answered (a sign of life is not): ten seconds are waited, no longer.
# How long it must stay so, in ms: a press takes a moment to reach the server of a busy machine; a
# page that was only opened has nothing more to tell once its heading stands; between the menu and
# the heading of a page there may be a pause.
_STILL = """
() => {
  const app = document.querySelector('[data-testid="stApp"]')?.dataset;
  const now = performance.now();
  const waits = window.toldAt > window.heardAt && now - window.toldAt < 10000;
  const shown = document.querySelector('[data-testid="stMain"] [data-testid="stElementContainer"]');
  // What a kind of element is drawn by comes in a file of its own; till then a grey bar stands.
  const lacks = document.querySelector('[data-testid="stMain"] [data-testid="stSkeleton"]');
  if (
    waits || !shown || lacks || app?.testScriptState !== "notRunning"
    || app?.testConnectionState !== "CONNECTED"
  ) {
    window.stillFrom = null;
    return false;
  }
  window.stillFrom ??= now;
  const headed = document.querySelector("h1");
  return now - window.stillFrom >= (window.pressedAt ? 600 : headed ? 300 : 1000);
}
"""


def ready(page) -> None:
    """Wait until everything the page told the server is answered and shown, and nothing runs."""
    page.evaluate("window.stillFrom = null")
    page.wait_for_function(_STILL, timeout=LONGEST_MS, polling=EVERY_MS)


# Nothing runs, nothing is waited for, and what came or was pressed last has been drawn: a list that
# is only unfolding moves away under the finger, and the press is lost.
_DRAWN = """
() => {
  const app = document.querySelector('[data-testid="stApp"]')?.dataset;
  const now = performance.now();
  const waits = window.toldAt > window.heardAt && now - window.toldAt < 2000;
  const last = Math.max(window.heardAt, window.pressedAt);
  const lacks = document.querySelector('[data-testid="stSkeleton"]');
  return !app || (
    app.testScriptState === "notRunning" && !waits && !lacks && now - last >= 250
  );
}
"""


@contextmanager
def unhurried() -> Iterator[None]:
    """Let every press of a journey wait until what it presses stands still."""
    from playwright.sync_api import Error, Locator, expect

    expect.set_options(timeout=LONGEST_MS)
    press = Locator.click

    def click(self, **how):
        with suppress(Error):  # it says itself what is wrong, better
            self.page.wait_for_function(_DRAWN, timeout=HASTY_MS, polling=EVERY_MS)
        return press(self, **how)

    Locator.click = click
    try:
        yield
    finally:
        Locator.click = press
