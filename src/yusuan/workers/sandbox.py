"""What a worker takes from itself before it touches anything foreign.

All that needs one platform is here. What another lacks is skipped: these limits are a safety net,
and the parent limits time anyhow.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

if sys.platform != "win32":
    import resource

__all__ = [
    "OutOfProcessorTime",
    "forbid_network",
    "forbid_sockets",
    "forbid_writing",
    "limit_memory",
    "lower_priority",
    "mapped",
    "memory_limit",
    "processor_limit",
    "release_memory",
    "time_limit",
]

# Per machine: the audit architecture constant and the number of socket(2).
_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_DENY = 0x00050000  # return an error number, EPERM, instead of making the call
_EPERM = 1
_AF_UNIX = 1
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
"""Of classic BPF: load a word, jump if equal, jump if greater or equal, return."""
_X32_CALLS = 0x40000000
_IO_URING_SETUP = 425
_LAST_WORD = 1 << 16
_trim = None if sys.platform == "win32" else getattr(ctypes.CDLL(None), "malloc_trim", None)


class OutOfProcessorTime(BaseException):
    """A task took more of the processor than it may; no parser catches this."""


def mapped() -> int | None:
    """Bytes of address space in use, where the system tells (Linux)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def limit_memory(extra: int) -> None:
    """Allow ``extra`` more bytes of address space than now, and no core dump.

    Address space, since only that makes an allocation fail. Relative to what is mapped now:
    libraries and thread stacks reserve some 450 MB they never touch. Where that is not known
    (macOS, which does not enforce such limits either) memory is not limited.
    """
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    now = mapped()
    if now is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (now + extra, hard))


def forbid_writing() -> None:
    """No file may grow, but for a last word on standard error."""
    if sys.platform != "win32":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LAST_WORD, _LAST_WORD))


def release_memory() -> None:
    """Give memory that is no longer in use back to the system (glibc)."""
    if _trim is not None:
        _trim(0)


def lower_priority(nice: int) -> None:
    """Be ``nice`` (0 to 19) to other processes."""
    if sys.platform != "win32":
        os.nice(nice)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Within, the kernel ends this process after ``seconds``, whatever it does."""
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def processor_limit(seconds: float) -> Iterator[None]:
    """Within, OutOfProcessorTime is raised once the processor was used for ``seconds``, where the
    system can tell and in the main thread; native code is not interrupted."""
    main = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or not main:
        yield
        return
    before = signal.signal(signal.SIGPROF, _out_of_processor_time)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _out_of_processor_time(number: int, frame: FrameType | None) -> None:
    raise OutOfProcessorTime


@contextmanager
def memory_limit(total: int) -> Iterator[None]:
    """Give processes started within another limit than that of this process, if it has one."""
    if sys.platform == "win32":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        yield
        return
    wider = total if hard == resource.RLIM_INFINITY else min(total, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wider, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def forbid_sockets() -> None:
    """A seccomp filter under which socket(2) fails with EPERM (Linux); elsewhere as
    ``forbid_network`` does."""
    if not _filtered(local=False):
        sys.addaudithook(_refuse)


def forbid_network() -> None:
    """A seccomp filter under which only sockets of this machine's file system can be made
    (AF_UNIX, which LibreOffice needs), in this process and all it starts (Linux on x86-64 and
    ARM64). Elsewhere only Python's own sockets are refused, which native code gets around.
    """
    if not _filtered(local=True):
        sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"):
        raise PermissionError(_EPERM, "no network here")


def _filtered(local: bool) -> bool:
    """Set the filter (Linux, Documentation/userspace-api/seccomp_filter); False where there is none.

    Another architecture's calls have other numbers, and io_uring makes sockets without a call of
    their own: both are refused.
    """
    known = _SOCKET_CALLS.get(platform.machine())
    if known is None or platform.system() != "Linux":
        return False
    arch, socket_call = known
    steps = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 1, 0, arch),
        (_RETURN, 0, 0, _DENY | _EPERM),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, 0, 1, _X32_CALLS),
        (_RETURN, 0, 0, _DENY | _EPERM),
        (_EQUAL, 0, 1, _IO_URING_SETUP),
        (_RETURN, 0, 0, _DENY | _EPERM),
        (_EQUAL, 1, 0, socket_call),
        (_RETURN, 0, 0, _ALLOW),
    ]
    if local:
        steps += [(_LOAD, 0, 0, 16), (_EQUAL, 0, 1, _AF_UNIX), (_RETURN, 0, 0, _ALLOW)]
    steps.append((_RETURN, 0, 0, _DENY | _EPERM))
    program = b"".join(struct.pack("=HBBI", *step) for step in steps)
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(
        struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    )
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    status: int = libc.prctl(
        _PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), header
    )  # fmt: skip
    return status == 0
