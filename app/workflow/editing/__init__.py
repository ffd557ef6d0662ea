"""Changing a process file without a canvas: steps, ways out and what the panel of a step says.

Works on the bytes of one file and gives new bytes; elements, attributes and layout of other tools
stay as they are. Whether the result may be published is for the checks.
"""

from app.workflow.editing.drawing import Drawing
from app.workflow.editing.panel import Panel, PanelField, shown
from app.workflow.editing.rows import Row, Way, rows
from app.workflow.editing.steps import NewStep, insert, remove, rename
from app.workflow.editing.ways import NewOutcome, add_way, change_way, remove_way

__all__ = [
    "Drawing",
    "NewOutcome",
    "NewStep",
    "Panel",
    "PanelField",
    "Row",
    "Way",
    "add_way",
    "change_way",
    "insert",
    "remove",
    "remove_way",
    "rename",
    "rows",
    "shown",
]
