"""Attacks that stay: each module runs in full as ``python -m tests.attacks.NAME`` and in small
in the suite, and prints a row of the table in docs/security.md."""
