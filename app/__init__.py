"""公文办理: official documents on routes drawn in BPMN.

:func:`create_app` is the one place that knows every room. Its imports stand inside it, because
the process that lays out a page starts in this package too and must not wait for a web framework.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask_openapi3.openapi import OpenAPI

    from app.config import Config

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Config) -> OpenAPI:
    """Put the rooms together. Raises UnsafeSettings for what an office must not run with."""
    from app import faults, messages, web
    from app.database import db, engine_options, harden_sqlite
    from app.documents.layout.fonts import FontBook, standard_folders
    from app.documents.storage import Store
    from app.handling.acts.topics import TOPICS
    from app.handling.equipment import Equipment, use
    from app.handling.stays.reposting import follow_posts
    from app.messages import settings
    from app.organization import changes
    from app.workflow import forms, register_topics

    config.check()
    channels = settings.channels(config)
    faults.arm(config.fault)
    app = web.create(config)
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config.database_url)
    db.init_app(app)
    with app.app_context():
        harden_sqlite(db.engine)
    register_topics(TOPICS)
    changes.tell(follow_posts)
    fonts = FontBook(standard_folders(config.fonts), config.data / "font-cache")
    messages.use(channels)
    use(Equipment(forms.load(ROOT / "forms"), Store(config.data / "files"), fonts))
    return app
