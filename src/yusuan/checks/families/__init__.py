"""What the families of rules compare: a function each, registered in ``checks.run``."""
