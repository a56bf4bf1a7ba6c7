"""Words, phrases, numbers and units as disclosures print them; ``schemas/lexicon.yaml`` is their data."""
