"""The check desk: what it gives is what the commands give, and nobody else gets anything."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from PIL import Image

from tests.browser import faults_of
from tests.conftest import ROOT, SAMPLE
from tests.disclosures import disclosure_text
from tests.show.disclosures import ROWS, pdf_disclosure
from yusuan import YusuanError, build, open_package
from yusuan.checking import check_sources
from yusuan.cli.main import main
from yusuan.desk.app import desk_app
from yusuan.desk.session import DeskSession, file_name
from yusuan.reports import CheckReport, as_html

TOKEN = "a-secret"
WRONG = ("| 合计 | 1000.00 |", "| 合计 | 1000.10 |")
Ask = Callable[..., httpx.Response]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[DeskSession]:
    found = DeskSession(tmp_path)
    yield found
    found.close()


@pytest.fixture
def ask(session: DeskSession) -> Iterator[Ask]:
    """`ask("state")`, `ask("decide", {...})`: requests of the desk's page."""
    app = desk_app(session, TOKEN)
    with asyncio.Runner() as runner:

        def request(
            path: str,
            body: Any = None,
            *,
            host: str = "127.0.0.1:8000",
            token: str = TOKEN,
            **headers: str,
        ) -> httpx.Response:
            async def sent() -> httpx.Response:
                transport = httpx.ASGITransport(app=app)
                async with httpx.AsyncClient(
                    transport=transport, base_url=f"http://{host}"
                ) as client:
                    content = body if isinstance(body, bytes) else json.dumps(body)
                    named = {name.replace("_", "-"): value for name, value in headers.items()}
                    named.setdefault("accept-language", "en")
                    if body is None:
                        return await client.get(f"/{token}/{path}", headers=named)
                    return await client.post(f"/{token}/{path}", content=content, headers=named)

            return runner.run(sent())

        yield request


def scanned_pdf() -> bytes:
    """A page that is a picture."""
    stream = io.BytesIO()
    Image.new("RGB", (600, 850), "white").save(stream, "PDF")
    return stream.getvalue()


def put(session: DeskSession, name: str, content: bytes) -> None:
    with session.arriving(name) as path:
        path.write_bytes(content)


def idle(session: DeskSession) -> None:
    while session.phase != "idle":
        time.sleep(0.01)


def test_report_patch_and_package_are_those_of_the_commands(
    session: DeskSession, ask: Ask, tmp_path: Path
) -> None:
    """A PDF or text with a known error, accepted, gives the patch that `build --patch` takes."""
    assert ask(f"files?name={SAMPLE.name}", SAMPLE.read_bytes()).status_code == 200
    assert ask("check", {}).status_code == 200
    idle(session)
    checked = check_sources(SAMPLE)
    state = ask("state", accept_language="en").json()
    report = CheckReport(checked.contents, checked.findings, checked.paths, "en", checked.skipped)
    assert state["counts"] == dict(report.counts)
    assert [file["state"] for file in state["files"]] == ["read"]
    assert ask("report.html", accept_language="en").text == as_html(report)
    assert "核对报告" in ask("report", accept_language="zh").text

    row = next(each for each in state["proposals"] if each["proposed"] == "902")
    numbered = re.search(
        rf'<article id="f{row["number"]}".*?</article>', as_html(report), re.DOTALL
    )
    assert numbered and "902" in numbered.group()
    filled = {"decision": "accept", "reviewer": "王五", "comment": "见底稿"}
    assert ask("decide", {"key": row["key"], **filled}).status_code == 200
    other = next(each for each in state["proposals"] if each["key"] != row["key"])
    ask("decide", {"key": other["key"], "decision": "", "reviewer": "王五", "comment": "再查"})
    kept = {each["key"]: each for each in ask("state").json()["proposals"]}
    assert kept[row["key"]]["decision"] == "accept"
    assert kept[other["key"]]["comment"] == "再查"

    patch = tmp_path / "downloaded.csv"
    patch.write_bytes(ask("patch.csv").content)
    built = build(SAMPLE, tmp_path / "built", patches=[patch])
    assert [each["corrected_amount"] is not None for each in built.rows("corrections")] == [True]
    assert ask("package.zip").status_code == 400  # not built yet
    ask("build", {"base": "https://data.example.gov/", "licence": "CC0-1.0"})
    idle(session)
    (tmp_path / "package.zip").write_bytes(ask("package.zip").content)
    with zipfile.ZipFile(tmp_path / "package.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    package = open_package(tmp_path / "unpacked" / "package")
    assert package.base == "https://data.example.gov/"
    assert next(iter(package.rows("corrections")))["reviewer"] == "王五"

    ask("publish", {"folder": str(tmp_path / "site")})
    idle(session)
    assert session.problem == ""
    assert (tmp_path / "site" / "index.html").exists()


def test_what_cannot_be_read_is_told_beside_its_file(session: DeskSession, ask: Ask) -> None:
    put(session, "局/budget.md", disclosure_text().encode())
    put(session, "scan.pdf", b"no PDF")
    session.check()
    idle(session)
    files = {each["name"]: each for each in ask("state").json()["files"]}
    assert files["局/budget.md"]["state"] == "read"
    assert files["scan.pdf"]["state"] == "refused"
    reason = files["scan.pdf"]["reason"]
    assert reason.startswith("not a PDF") and "/" not in reason  # no path of the machine
    session.remove("局/budget.md")
    assert not session.report("zh")  # it was of other files
    session.check()
    idle(session)
    assert "scan.pdf" in session.problem


def test_a_pdf_with_a_known_error_accepted_gives_the_patch_that_build_takes(
    session: DeskSession, tmp_path: Path
) -> None:
    wrong = pdf_disclosure(0, [*ROWS[:3], ("", "合计", "1,602.50", "1,234.50", "268.00")])
    put(session, "错.pdf", wrong)
    session.check()
    idle(session)
    (row,) = session.state("zh")["proposals"]
    assert (row["printed"], row["proposed"]) == ("1,602.50", "1,502.50")
    session.decide(row["key"], {"decision": "accept", "reviewer": "王五"})
    (tmp_path / "错.pdf").write_bytes(wrong)
    built = build(tmp_path / "错.pdf", tmp_path / "built", patches=[session.patch()])
    (corrected,) = built.rows("corrections")
    assert (corrected["published"], corrected["corrected"]) == ("1,602.50", "1,502.50")


BAD = {
    "空.pdf": b"", "不是表格.xlsx": bytes(range(256)) * 9, "损坏.pdf": pdf_disclosure()[:900],
    "通知.txt": "关于召开会议的通知\n请各单位参加。".encode(), "扫描.pdf": scanned_pdf(),
}  # fmt: skip


def test_why_files_cannot_be_read_is_told_in_the_language_of_the_page(session: DeskSession) -> None:
    for name, content in BAD.items():
        put(session, name, content)
    put(session, "好.md", disclosure_text().encode())
    session.check()
    idle(session)
    reasons = {
        lang: {each["name"]: each["reason"] for each in session.state(lang)["files"]} for lang in ("zh", "en")
    }  # fmt: skip
    for name in BAD:
        assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", reasons["zh"][name]), name
        assert not re.search(r"[\u4e00-\u9fff]", reasons["en"][name]), name
        assert reasons["zh"][name] and reasons["en"][name]
    assert reasons["zh"]["好.md"] == reasons["en"]["好.md"] == ""


@pytest.mark.parametrize(
    "name", ["../a.md", "/a.md", "a/../../b.md", ".hidden", "", "a//b", "a\\b", "a\nb", "x" * 300, "a/" * 9 + "b"]
)  # fmt: skip
def test_a_name_leads_nowhere_else(ask: Ask, tmp_path: Path, name: str) -> None:
    with pytest.raises(YusuanError, match=r"name|deep"):
        file_name(name)
    answer = ask(f"files?name={httpx.QueryParams({'n': name})!s}".replace("n=", "", 1), b"x")
    assert answer.status_code == 400
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"token": "another"}, 404),
        ({"token": ""}, 404),
        ({"host": "evil.example"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"origin": "http://127.0.0.1:8000", "sec_fetch_site": "same-origin"}, 200),
    ],
)
def test_other_sites_and_programs_get_nothing(
    session: DeskSession, ask: Ask, headers: dict[str, str], status: int
) -> None:
    assert ask("files?name=a.md", b"text", **headers).status_code == status
    assert bool(session.state("zh")["files"]) == (status == 200)


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("check", {}, "no file lies on the desk"),
        ("remove", {"name": "b"}, "no such file"),
        ("decide", {"key": "a:b", "decision": "accept"}, "not checked yet"),
        ("decide", b"[1]", "no JSON object"),
        ("decide", b"{" * 70_000, "too long"),
        ("publish", {"folder": ["x"]}, "no text"),
        ("build", b"\xff", "no JSON object"),
    ],
)
def test_requests_that_make_no_sense_get_a_sentence(
    ask: Ask, path: str, body: Any, said: str
) -> None:
    answer = ask(path, body)
    assert answer.status_code == 400
    assert said in answer.json()["problem"]


def test_decisions_that_are_none_are_refused(session: DeskSession) -> None:
    put(session, SAMPLE.name, SAMPLE.read_bytes())
    session.check()
    idle(session)
    key = session.state("zh")["proposals"][0]["key"]
    before = session.patch().read_bytes()
    for filled, said in (
        ({"decision": "maybe"}, "neither accept nor reject"),
        ({"decision": "accept", "corrected": "a lot"}, "not a number"),
    ):
        with pytest.raises(YusuanError, match=said):
            session.decide(key, filled)
    with pytest.raises(YusuanError, match="no row"):
        session.decide("0:nothing", {"decision": "accept"})
    assert session.patch().read_bytes() == before


def test_a_desk_that_is_full_says_so(
    session: DeskSession, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yusuan.desk.session._MOST_BYTES", 1_000)
    monkeypatch.setattr("yusuan.desk.session._MOST_FILES", 2)
    assert ask("files?name=a.md", b"x" * 1_000).status_code == 200
    assert "too much" in ask("files?name=b.md", b"x").json()["problem"]
    assert ask("files?name=b.md", b"").status_code == 200
    assert "2 files lie" in ask("files?name=c.md", b"").json()["problem"]
    chinese = ask("files?name=c.md", b"", accept_language="zh-CN").json()["problem"]
    assert "核对台上有2个文件" in chinese
    assert [each["name"] for each in session.state("zh")["files"]] == ["a.md", "b.md"]


# the program, in a browser

HOOK = """
import os, sys
def noted(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        with open(os.environ["CONNECTIONS"], "a") as stream:
            print(event, arguments[1:], file=stream)
sys.addaudithook(noted)
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """A running `yusuan desk`, its address, and the folder with its cache and a list of its connections."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK)
    path = os.pathsep.join([str(tmp_path / "hook"), str(ROOT / "src")])
    environment = {**os.environ, "PYTHONPATH": path, "CONNECTIONS": str(tmp_path / "connections"),
                   "XDG_CACHE_HOME": str(tmp_path / "cache")}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "yusuan", "desk", "--no-browser", "--lang", "zh"], env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(3)]
    yield process, lines[-1].strip(), tmp_path
    process.kill()
    process.communicate()


def test_a_clerk_s_way_through_the_page(
    desk: tuple[subprocess.Popen[str], str, Path], chromium: Any
) -> None:
    process, address, folder = desk
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    asked, mistakes = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: mistakes.append(said.text))
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.goto(address)  # in the language of the command
    page.set_input_files("#choose", str(SAMPLE))
    page.wait_for_selector("#counts .error", timeout=60_000)
    assert faults_of(page) == []
    card = page.locator("article.proposal", has_text="902万元").first
    card.get_by_role("button", name="采纳", exact=True).click()
    assert "请先填写复核人" in page.locator("#problem").inner_text()
    page.fill("#reviewer", "王五")
    card.get_by_role("button", name="采纳", exact=True).click()
    page.wait_for_selector('article[data-decision="accept"]')
    page.reload()
    page.wait_for_selector('article[data-decision="accept"]')
    page.locator('article[data-decision="accept"]').get_by_text("看原文").click()
    frame = page.frame_locator("#report")
    assert "902" in frame.locator("article:target").inner_text()
    with page.expect_download() as download:
        page.get_by_text("patch.csv").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert "accept,,王五" in text
    page.click("text=English")
    page.wait_for_selector("#counts .error")
    shown = re.sub(r"王五|English|中文", "", page.locator("h2, button, label, th, header p").evaluate_all(
        "all => all.map(each => each.innerText).join(' ')"))  # fmt: skip
    assert not re.search(r"[\u4e00-\u9fff]", shown)
    assert faults_of(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#close")
    page.wait_for_selector("text=its files are deleted")
    assert process.wait(20) == 0
    assert not [path for path in (folder / "cache").rglob("*") if SAMPLE.stem in path.name]
    assert list((folder / "cache" / "yusuan" / "desk").iterdir()) == []
    assert not (folder / "connections").exists()
    assert mistakes == []
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {address.split("/")[2]}
    page.close()


@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_however_it_ends(
    desk: tuple[subprocess.Popen[str], str, Path], ended_by: signal.Signals
) -> None:
    process, address, folder = desk
    own = address.partition("?")[0]
    assert httpx.post(f"{own}files?name=secret.md", content=b"x").status_code == 200
    process.send_signal(ended_by)
    process.wait(20)
    held = folder / "cache" / "yusuan" / "desk"
    if ended_by == signal.SIGKILL:  # the next desk tidies up
        assert list(held.rglob("secret.md"))
        from yusuan.files.atomic import scratch_folder

        with scratch_folder(held):
            assert not list(held.rglob("secret.md"))
    assert list(held.iterdir()) == []


def test_a_port_in_use_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = CliRunner().invoke(main, ["desk", "--no-browser", "--port", str(port)])
    assert result.exit_code == 2
    assert f"port {port} on 127.0.0.1 is already in use" in result.output
    assert list((tmp_path / "yusuan" / "desk").iterdir()) == []
