"""Plain frozen records that every later step passes on. No I/O here."""
