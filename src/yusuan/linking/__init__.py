"""What documents, departments, projects and codes have to do with each other."""

from yusuan.linking.candidates import LinkingInput, linking_input
from yusuan.linking.links import FoundLinks, find_links

__all__ = ["FoundLinks", "LinkingInput", "find_links", "linking_input"]
