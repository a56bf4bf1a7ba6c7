"""Consistent made-up disclosures, errors seeded in them, and how well the checks find these."""
