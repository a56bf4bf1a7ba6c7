"""placeholder"""
from yusuan.reports.report import Report
def as_html(report: Report) -> str:
    raise NotImplementedError
