"""The W3C Reconciliation Service API, version 0.2, for departments and codes.

OpenRefine and others ask it which of the package's entities a name in a table of theirs means.
``register`` knows the entities and what they are called, ``requests`` reads what clients send,
``service`` weighs names and answers.
"""

from yusuan.serve.reconcile.service import PATH, reconcile

__all__ = ["PATH", "reconcile"]
