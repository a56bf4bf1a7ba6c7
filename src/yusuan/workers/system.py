"""What the rest asks of the operating system, and what stands in for it where a system lacks it.

Limits that a worker sets itself before it touches anything foreign: what a system lacks is skipped,
since they are a safety net and the parent limits time anyhow. Locks, and the exchange of two names.
With ``YUSUAN_PLAIN_SYSTEM=1`` any system is taken for one that has none of it, as Windows is.
"""

from __future__ import annotations

import ctypes
import errno
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
from typing import Any

if sys.platform == "win32":
    fcntl: Any = None
    resource: Any = None
else:
    import fcntl
    import resource

__all__ = [
    "PLAIN",
    "OutOfProcessorTime",
    "allow_files",
    "children_seconds",
    "end_group",
    "exchanged",
    "forbid_network",
    "forbid_sockets",
    "forbid_writing",
    "limit_memory",
    "locked",
    "lower_priority",
    "mapped",
    "memory_limit",
    "most_files",
    "opened_to_lock",
    "processor_limit",
    "release_memory",
    "time_limit",
    "unlocked",
]

PLAIN = sys.platform == "win32" or os.environ.get("YUSUAN_PLAIN_SYSTEM") == "1"
"""Whether there are neither processes with limits nor locks nor an exchange of names."""

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
_AT_CWD = -100
_EXCHANGE = 2
"""``AT_FDCWD`` and ``RENAME_EXCHANGE`` of renameat2(2), Linux 3.15."""
_trim = (
    None if sys.platform == "win32" or PLAIN else getattr(ctypes.CDLL(None), "malloc_trim", None)
)


class OutOfProcessorTime(BaseException):
    """A task took more of the processor than it may; no parser catches this."""


def mapped() -> int | None:
    """Bytes of address space in use, where the system tells (Linux)."""
    if sys.platform == "win32" or PLAIN:
        return None
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
    if sys.platform == "win32" or PLAIN:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    now = mapped()
    if now is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (now + extra, hard))


def forbid_writing() -> None:
    """No file may grow, but for a last word on standard error."""
    if sys.platform != "win32" and not PLAIN:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LAST_WORD, _LAST_WORD))


def release_memory() -> None:
    """Give memory that is no longer in use back to the system (glibc)."""
    if _trim is not None:
        _trim(0)


def lower_priority(nice: int) -> None:
    """Be ``nice`` (0 to 19) to other processes."""
    if sys.platform != "win32" and not PLAIN:
        os.nice(nice)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Within, the kernel ends this process after ``seconds``, whatever it does."""
    if sys.platform == "win32" or PLAIN:
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def processor_limit(seconds: float, error: Exception | None = None) -> Iterator[None]:
    """Within, OutOfProcessorTime is raised once the processor was used for ``seconds``, where the
    system can tell and in the main thread; native code is not interrupted. Outside it is the
    ``error``, where there is one."""
    main = threading.current_thread() is threading.main_thread()
    if sys.platform == "win32" or PLAIN or not main:
        yield
        return
    before = signal.signal(signal.SIGPROF, _out_of_processor_time)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    except OutOfProcessorTime:
        if error is None:
            raise
        raise error from None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _out_of_processor_time(number: int, frame: FrameType | None) -> None:
    raise OutOfProcessorTime


@contextmanager
def memory_limit(total: int) -> Iterator[None]:
    """Give processes started within another limit than that of this process, if it has one."""
    if sys.platform == "win32" or PLAIN:
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
    if known is None or platform.system() != "Linux" or PLAIN:
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


def opened_to_lock(path: Path, links: bool = True) -> int | None:
    """A file or folder, opened for ``locked``; None where nothing can be locked. Raises OSError for what
    cannot be opened, and for a link without ``links``."""
    if sys.platform == "win32" or PLAIN:
        return None
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | (0 if links else os.O_NOFOLLOW))


def locked(handle: int, shared: bool = False) -> bool | None:
    """Take a lock on an open file or folder that lasts until it is closed by all who have it; False
    where somebody else has one, None where nothing can be locked."""
    if sys.platform == "win32" or PLAIN:
        return None
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def unlocked(handle: int) -> None:
    """Give a lock up also for processes that were forked meanwhile, which hold it too."""
    if sys.platform != "win32" and not PLAIN:
        fcntl.flock(handle, fcntl.LOCK_UN)


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system or its files cannot."""
    if not sys.platform.startswith("linux") or PLAIN:
        return False
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    status: int = call(_AT_CWD, os.fsencode(one), _AT_CWD, os.fsencode(other), _EXCHANGE)
    return status == 0


def end_group(pid: int) -> None:
    """End a process and those that it started, where they are of one session; elsewhere itself."""
    try:
        if sys.platform == "win32" or PLAIN:
            os.kill(pid, signal.SIGTERM)  # which ends it on the spot on Windows
        else:
            os.killpg(pid, signal.SIGKILL)
    except OSError as error:
        if error.errno not in (errno.ESRCH, errno.EPERM):
            raise


def children_seconds() -> float:
    """What all processes took that were started here and have ended; 0 where that is not told."""
    if sys.platform == "win32" or PLAIN:
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def most_files() -> int | None:
    """How many files this process may have open; None where that is not told."""
    if sys.platform == "win32" or PLAIN:
        return None
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def allow_files(wanted: int) -> None:
    """Let this process have so many files open, as far as it may."""
    if sys.platform == "win32" or PLAIN:
        return
    files, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files != resource.RLIM_INFINITY and files < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
