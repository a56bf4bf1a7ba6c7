"""Whole made-up disclosures laid out as provinces and years differ, with known truth."""
