"""Word files (.docx): what people bring along becomes blocks, and a document goes out as one.

``importing.read_in`` takes a file in, ``exporting.word_file`` writes one. What is written here
is read back as it was: ``names`` are the styles by which both know the parts of a document.
"""

from app.documents.word.exporting import word_file
from app.documents.word.importing import Imported, read_in
from app.documents.word.notes import Note, in_words

__all__ = ["Imported", "Note", "in_words", "read_in", "word_file"]
