"""Files made to harm, brought in by hand: a clear sentence each, and the app goes on."""

from __future__ import annotations

import http.client
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.hostile import PICTURES, TABLES, picture
from tests.journeys.pace import ready

pytestmark = pytest.mark.browser

MB = 1024**2


def memory_of(process: int) -> int:
    """What the server holds, in bytes; it fails when the server is another process now."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def give(page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.locator("input[type=file]").last.set_input_files(file)
    page.wait_for_timeout(300)
    ready(page)


def send_anonymously(site: str, path: str, size: int) -> int:
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
    connection.putrequest("PUT", path)
    connection.putheader("Content-Length", str(size))
    connection.endheaders()  # no byte of the file is sent: the answer comes before
    status = connection.getresponse().status
    connection.close()
    return status


SEND = """async ([path, size]) => {
  const xsrf = document.cookie.match(/_streamlit_xsrf=([^;]+)/)?.[1] ?? "";
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(size)]), "a.png");
  const answer = await fetch(path, {
    method: "PUT", body: form, headers: {"X-Xsrftoken": decodeURIComponent(xsrf)},
  });
  return answer.status;
}"""


def test_hostile_files_are_explained_and_the_app_goes_on(served, visit):
    site, process = served
    page = visit("officer")
    uploads: list[str] = []
    page.on("request", lambda r: uploads.append(r.url) if r.method == "PUT" else None)

    page.goto(f"{site}/import_file?kind=factories")
    ready(page)
    before = memory_of(process)
    give(page, "lying.xlsx", TABLES["lying.xlsx"][0]())
    page.get_by_role("alert").filter(has_text="文件“lying.xlsx”已损坏，无法读取").wait_for()
    assert page.locator(".st-key-card_trial").count() == 0

    page.goto(f"{site}/dossier?id=1")
    ready(page)
    page.get_by_role("button", name="上传材料").first.click()
    dialog = page.get_by_role("dialog")
    give(page, "text-bomb.png", PICTURES["text-bomb.png"][0]())
    dialog.get_by_role("button", name="保存").click()
    ready(page)
    said = "“text-bomb.png”打不开，内容不完整或已损坏"
    dialog.get_by_role("alert").filter(has_text=said).wait_for()
    give(page, "营业执照.png", picture("PNG"))
    dialog.get_by_role("button", name="保存").click()
    dialog.wait_for(state="hidden")
    page.get_by_text("营业执照.png").first.wait_for()
    assert memory_of(process) - before <= 50 * MB

    path = urlsplit(uploads[-1]).path  # with the number of a session that lives
    assert send_anonymously(site, path, 10) == 401
    assert page.evaluate(SEND, [path, 21 * MB]) == 413
    assert page.evaluate(SEND, [path, 1_000]) == 204
    assert page.request.get(f"{site}/files/999999").status == 404
