"""The Chromium of the journeys, and the devices of its visitors, used by one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.journeys.pace import LONGEST_MS, WATCH

CHROMIUM = next(
    (
        p
        for p in (
            "/usr/bin/chromium-headless-shell",  # the same engine without a window around it
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        )
        if Path(p).exists()
    ),
    None,
)

# Three browsers share two cores: a script optimized beside the page takes a core from another
# page, and small nurseries are collected often (measured: a seventh of the browser's work).
FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--js-flags=--single-threaded --no-opt --min-semi-space-size=64 --max-semi-space-size=64",
)


@dataclass(frozen=True)
class Device:
    """What a visitor comes with."""

    lang: str = "zh"
    width: int = 1360
    height: int = 900
    user_agent: str | None = None
    has_touch: bool = False


class Devices:
    """Browser contexts by device, each one visitor's alone while a test has it.

    Given back, it forgets who was there, but not the scripts of the app: to read and compile them
    anew for every visitor was a tenth of the journeys.
    """

    def __init__(self, browser) -> None:
        self.browser = browser
        self.free: dict[Device, list] = {}
        self.device_of: dict[object, Device] = {}

    def take(self, device: Device):
        """Return a context that nobody has and that knows nobody."""
        if self.free.get(device):
            return self.free[device].pop()
        context = self.browser.new_context(
            locale="zh-CN" if device.lang == "zh" else "en-US",
            timezone_id="Asia/Shanghai",
            viewport={"width": device.width, "height": device.height},
            user_agent=device.user_agent,
            has_touch=device.has_touch,
            # Nothing of ours moves; Streamlit's waiting signs cost a sixth of the browser's work.
            reduced_motion="reduce",
        )
        context.set_default_timeout(LONGEST_MS)
        context.add_init_script(WATCH)
        self.device_of[context] = device
        return context

    def give_back(self, context, site: str) -> None:
        """Close the visitor's pages and forget all about him."""
        last = context.new_page()
        for page in context.pages:
            if page is not last:
                page.close()
        context.clear_cookies()
        forgotten = "local_storage,indexeddb,cache_storage,service_workers"
        context.new_cdp_session(last).send(
            "Storage.clearDataForOrigin", {"origin": site, "storageTypes": forgotten}
        )
        last.close()
        self.free.setdefault(self.device_of[context], []).append(context)

    def close(self) -> None:
        """Close all of them."""
        for context in self.device_of:
            context.close()
