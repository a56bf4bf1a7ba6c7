"""Work that may hang, crash or eat the machine, in processes with limits that can be killed."""

from yusuan.workers.messages import (
    PoolBusy,
    PoolClosed,
    TaskError,
    TaskFailed,
    TaskRefused,
    TaskTooLarge,
    TaskTooSlow,
    WorkerDied,
    WorkerNotStarted,
)

__all__ = [
    "PoolBusy", "PoolClosed", "TaskError", "TaskFailed", "TaskRefused", "TaskTooLarge",
    "TaskTooSlow", "WorkerDied", "WorkerNotStarted",
]  # fmt: skip
