"""Validate a package with the stock Frictionless framework, told in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from yusuan.package.read import open_package

__all__ = ["ValidationError", "Verdict", "validate_package"]

_CHINESE = {
    "foreign-key": "外键在被引用的表中不存在",
    "primary-key": "主键重复或为空",
    "constraint-error": "不符合字段约束",
    "type-error": "不符合字段类型",
    "hash-count": "文件与登记的哈希值不符，可能被改动",
    "hash": "文件与登记的哈希值不符，可能被改动",
    "bytes": "文件与登记的字节数不符，可能被改动",
    "byte-count": "文件与登记的字节数不符，可能被改动",
    "unique-error": "字段值应唯一而重复",
    "missing-label": "缺少列",
    "extra-label": "多出列",
    "incorrect-label": "列名不符",
    "missing-cell": "缺少单元格",
    "extra-cell": "多出单元格",
    "scheme-error": "文件无法打开",
    "encoding-error": "字符编码不是 UTF-8",
}


@dataclass(frozen=True, slots=True)
class ValidationError:
    """One thing the framework found wrong; line counts from 1, the header included."""

    resource: str
    line: int | None
    field: str | None
    type: str
    message: str

    def __str__(self) -> str:
        place = self.resource + (f", line {self.line}" if self.line else "")
        place += f", {self.field}" if self.field else ""
        chinese = _CHINESE.get(self.type, "不合规范")
        return f"{place}: {chinese} / {self.message}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The framework's verdict on a package."""

    valid: bool
    resources: int
    errors: tuple[ValidationError, ...]


def validate_package(folder: str | Path) -> Verdict:
    """Validate the package in a folder, exactly as ``frictionless validate`` does.

    Raises YusuanError when there is no package.
    """
    from frictionless import Package as FrictionlessPackage  # slow to load
    from frictionless import system

    package = open_package(folder)
    with system.use_context(trusted=True):
        report = FrictionlessPackage(str(package.folder / "datapackage.json")).validate()
    errors = [
        ValidationError(
            resource=task.name,
            line=getattr(error, "row_number", None),
            field=getattr(error, "field_name", None),
            type=error.type,
            message=error.message,
        )
        for task in report.tasks
        for error in task.errors
    ]
    errors += [
        ValidationError("datapackage.json", None, None, error.type, error.message)
        for error in report.errors
    ]
    return Verdict(report.valid, len(report.tasks), tuple(errors))
