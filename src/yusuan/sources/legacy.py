"""Files of older office programs (DOC, WPS, RTF, ODT), converted by LibreOffice."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.blocks import Reading
from yusuan.sources.spreadsheets.reading import read_sheets
from yusuan.sources.word import read_docx
from yusuan.workers.sandbox import memory_limit

__all__ = ["read_legacy_sheets", "read_legacy_text"]

_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS = (
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Common/Misc", "FirstRun", "false"),
)
"""Of LibreOffice's configuration: path, name, value. Links are updated never (Calc 2, Writer 0)."""


def read_legacy_text(content: bytes, file: str) -> Reading:
    """Read a text document; positions are those of the DOCX that LibreOffice makes of it.

    Raises YusuanError when LibreOffice is not installed or cannot convert the file.
    """
    return read_docx(_converted(content, file, "docx"), file)


def read_legacy_sheets(content: bytes, file: str) -> Reading:
    """Read a spreadsheet that is not XLS inside; otherwise as :func:`read_legacy_text`."""
    return read_sheets(_converted(content, file, "xlsx"), file)


def _converted(content: bytes, file: str, target: str) -> bytes:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise YusuanError(
            f"{file}: this older format is read with LibreOffice, which is not installed; "
            f"install it, or open the file and save it as {target.upper()}"
        )
    with tempfile.TemporaryDirectory(prefix="yusuan-") as folder:
        source = Path(folder, f"source{Path(file).suffix.lower()}")
        source.write_bytes(content)
        # A profile of its own: LibreOffice hands over to a running one otherwise.
        user = Path(folder, "profile", "user")
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_settings(), "utf-8")
        command = [
            program, f"-env:UserInstallation={Path(folder, 'profile').as_uri()}", "--headless",
            "--norestore", "--convert-to", target, "--outdir", folder, str(source),
        ]  # fmt: skip
        last_output = _run(command, file)
        converted = source.with_suffix(f".{target}")
        if not converted.exists():
            raise YusuanError(
                f"{file}: LibreOffice could not convert it ({last_output or 'no reason given'}); "
                f"open it and save it as {target.upper()}"
            )
        return converted.read_bytes()


def _settings() -> str:
    """A profile in which no macro runs and no link is followed, whatever a document asks for."""
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">' + items + "</oor:items>"
    )


def _run(command: list[str], file: str) -> str:
    """Run LibreOffice and give what it said last; its children end with it."""
    try:
        with memory_limit(limits.OFFICE_MEMORY):
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
    except OSError as error:
        raise YusuanError(f"{file}: LibreOffice cannot be started: {error}") from error
    try:
        output, _ = process.communicate(timeout=limits.OFFICE_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise YusuanError(
            f"{file}: LibreOffice did not finish within {limits.OFFICE_SECONDS:g} seconds; "
            "open the file there and save it in a newer format"
        ) from error
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else ""
