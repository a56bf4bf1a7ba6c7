"""Spreadsheets (XLSX, XLS, ODS): what their cells show."""
