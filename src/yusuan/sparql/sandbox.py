"""What a worker process may no longer do once its store is open.

The guard reads queries before they are parsed; this is the second lock, for whatever it might
miss. Limits a platform lacks are skipped: they are a safety net, not the contract.
"""

import ctypes
import os
import platform
import resource
import struct
from pathlib import Path

# Per machine: the audit architecture constant and the number of socket(2).
_SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_DENY = 0x00050000  # return an error number, EPERM, instead of making the call
_EPERM = 1


def lock_down(memory: int) -> None:
    """Allow `memory` more bytes of address space than now, no core dump and no new socket."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory(memory)
    _forbid_sockets()


def _limit_memory(extra: int) -> None:
    # Address space, since only that makes an allocation fail. Relative to what is mapped now:
    # the engine's libraries and thread stacks reserve some 450 MB they never touch.
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * os.sysconf("SC_PAGE_SIZE") + extra
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    except (OSError, ValueError):
        return


def _forbid_sockets() -> None:
    """A seccomp filter under which socket(2) fails with EPERM (Linux)."""
    known = _SOCKET_CALLS.get(platform.machine())
    if known is None or platform.system() != "Linux":
        return
    arch, socket_call = known
    program = b"".join(
        struct.pack("=HBBI", *instruction)
        for instruction in (
            (0x20, 0, 0, 4),  # load the architecture
            (0x15, 0, 2, arch),  # another one: call numbers mean something else, allow
            (0x20, 0, 0, 0),  # load the call number
            (0x15, 1, 0, socket_call),
            (0x06, 0, 0, _ALLOW),
            (0x06, 0, 0, _DENY | _EPERM),
        )
    )
    code = ctypes.create_string_buffer(program, len(program))
    header = ctypes.create_string_buffer(
        struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    )
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0)))
    libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), header)
