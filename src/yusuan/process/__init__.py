"""Work that may hang, crash or eat the machine, in processes that can be killed."""

from yusuan.process.child import Child

__all__ = ["Child"]
