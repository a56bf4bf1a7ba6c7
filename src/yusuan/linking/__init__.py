"""What documents, departments, projects and codes have to do with each other."""

from yusuan.linking.find import Linked, find_links
from yusuan.linking.material import Material, material_of

__all__ = ["Linked", "Material", "find_links", "material_of"]
