"""归档与移交: finished documents go from the department that formed them to the archive (REC-18).

Filed (归档) by the forming department, put on a list (移交清单), accepted by the unit's archivist.
With the acceptance a document gets its 档号, and the archive answers for it (REC-07).
"""
