"""The pace of a person: nothing is looked at or pressed before the page stands still."""

from __future__ import annotations

STILL_MS = 300  # a browser waits this long at most between a press and telling the server
LONGEST_MS = 60_000

# Runs before a page's own scripts: when it last told the server something, and last heard from it.
WATCH = """
(() => {
  const Plain = window.WebSocket;
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
  return now - window.stillFrom >= %d;
}
"""


def ready(page) -> None:
    """Wait until everything the page told the server is answered and shown, and nothing runs."""
    page.evaluate("window.stillFrom = null")
    page.wait_for_function(_STILL % STILL_MS, timeout=LONGEST_MS)
