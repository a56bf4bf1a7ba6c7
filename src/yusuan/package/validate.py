"""Validate a package with the stock Frictionless framework, told in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yusuan.model.errors import YusuanError
from yusuan.package.profile import DESCRIPTOR, known_keys
from yusuan.package.read import Package, open_package

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
    """Validate the package in a folder as ``frictionless validate`` does, reading nothing else.

    Frictionless follows paths, links and addresses that a descriptor names, of data as of
    schemas, dialects and profiles. It is given only what keeps to ``yusuan.package.profile``, and
    is not called when a file is no regular file of the package.

    Raises YusuanError when there is no package, or its descriptor does not keep to the profile.
    """
    package = open_package(folder)
    elsewhere = tuple(_not_inside(package))
    if elsewhere:
        return Verdict(False, len(package.descriptor["resources"]), elsewhere)
    from frictionless import FrictionlessException, system  # slow to load
    from frictionless import Package as FrictionlessPackage

    try:
        with system.use_context(trusted=False):
            report = FrictionlessPackage.from_descriptor(
                known_keys(package.descriptor), basepath=str(package.folder)
            ).validate()
    except FrictionlessException as error:  # a schema that contradicts itself
        told = ValidationError(DESCRIPTOR, None, None, error.error.type, error.error.message)
        return Verdict(False, len(package.descriptor["resources"]), (told,))
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


def _not_inside(package: Package) -> Iterator[ValidationError]:
    """The resources whose file is a link, a pipe, a folder: never opened."""
    for resource in package.descriptor["resources"]:
        path = package.folder / resource["path"]
        if not path.exists() and not path.is_symlink():
            continue  # missing, which the framework tells
        try:
            package.file(resource["path"])
        except YusuanError as error:
            yield ValidationError(resource["name"], None, None, "scheme-error", str(error))
