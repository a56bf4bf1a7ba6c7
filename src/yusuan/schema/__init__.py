"""The declarative files of ``schemas/``: the single definition of every resource."""

from yusuan.files.data import data_path, read_csv, read_yaml
from yusuan.schema.catalogue import Catalogue, catalogue
from yusuan.schema.resource import Field, Resource

__all__ = ["Catalogue", "Field", "Resource", "catalogue", "data_path", "read_csv", "read_yaml"]
