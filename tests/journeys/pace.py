"""The pace of a person: nothing is looked at or pressed before the page stands still."""

from __future__ import annotations

LONGEST_MS = 60_000

# Runs before a page's own scripts: whether anybody pressed anything, when the page last told the
# server something, and when it last heard from it.
WATCH = """
(() => {
  const Plain = window.WebSocket;
  window.pressed = false;
  for (const kind of ["pointerdown", "keydown", "input", "change"]) {
    addEventListener(kind, () => { window.pressed = true; }, { capture: true });
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
  if (
    waits || !shown || app?.testScriptState !== "notRunning"
    || app?.testConnectionState !== "CONNECTED"
  ) {
    window.stillFrom = null;
    return false;
  }
  window.stillFrom ??= now;
  const headed = document.querySelector("h1");
  return now - window.stillFrom >= (window.pressed ? 600 : headed ? 300 : 1000);
}
"""


def ready(page) -> None:
    """Wait until everything the page told the server is answered and shown, and nothing runs."""
    page.evaluate("window.stillFrom = null")
    page.wait_for_function(_STILL, timeout=LONGEST_MS)
