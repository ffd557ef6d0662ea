"""流程草稿 on pages: the modeler, the route as a table, forms, check and submission."""

from app.web.process.drafting import (
    checking,
    comparing,
    modeler,
    outcomes,
    papers,
    steps,
    table,
)

__all__ = ["checking", "comparing", "modeler", "outcomes", "papers", "steps", "table"]
