"""发文登记: the books of numbers, their files, and what the registry does with numbers."""

from app.web.numbers import acts, book
from app.web.numbers.blueprint import blueprint

__all__ = ["acts", "blueprint", "book"]
