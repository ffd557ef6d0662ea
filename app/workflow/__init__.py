"""The engine: published diagrams and the cases that run on them. It knows no document."""

from app.workflow.topics import register_topics

__all__ = ["register_topics"]
