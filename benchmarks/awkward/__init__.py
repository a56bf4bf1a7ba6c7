"""Right tables printed awkwardly in every format, and what becomes of each printed number."""
