"""公文办理: official documents on routes drawn in BPMN.

:func:`create_app` is the one place that knows every room. Its imports stand inside it, because
the process that lays out a page starts in this package too and must not wait for a web framework.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask_openapi3.openapi import OpenAPI

    from app.config import Config

ROOT = Path(__file__).resolve().parent.parent


def create_app(config: Config) -> OpenAPI:
    """Put the rooms together. Raises UnsafeSettings for what an office must not run with."""
    from sqlalchemy.orm import sessionmaker

    from app import faults, messages, web
    from app.audit.cosigning import alarms as record_alarms
    from app.database import db, engine_options, harden_sqlite
    from app.documents import scanning
    from app.documents.layout.fonts import FontBook, standard_folders
    from app.documents.storage import Store
    from app.handling.acts.topics import RESULTS, TOPICS
    from app.handling.certificates.topics import TOPICS as CERTIFICATES
    from app.handling.equipment import Equipment, use
    from app.handling.stays.reposting import follow_posts
    from app.messages import alarming, settings
    from app.organization import alarms, certificates, changes
    from app.organization.factors import sealing
    from app.seals import signer
    from app.seals.certificates import asking_status
    from app.seals.certificates.leaving import follow_people
    from app.seals.signing_in import RegisteredCertificates
    from app.workflow import library, register_topics

    config.check()
    channels = settings.channels(config)
    faults.arm(config.fault)
    sealing.use(config.factor_key)
    app = web.create(config)
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config.database_url)
    db.init_app(app)
    with app.app_context():
        harden_sqlite(db.engine)
        sessions = sessionmaker(db.engine)
    register_topics({**TOPICS, **CERTIFICATES}, RESULTS)
    changes.tell(follow_posts, follow_people)
    certificates.use(RegisteredCertificates() if config.certificate_secret else None)
    alarms.tell(alarming.tell_security)
    record_alarms.tell(alarming.tell_auditors)
    fonts = FontBook(standard_folders(config.fonts), config.data / "font-cache")
    messages.use(channels)
    signer.use(signer.Client(config.socket("signer")))
    authority = signer.Client(config.socket("authority"), "证书服务")
    asking_status.use(lambda request: authority.reply("ocsp", request))
    scanning.use(scanning.of(config.scanner), config.data / "quarantine")
    store = Store(config.data / "files")
    stamps = partial(authority.reply, "stamp")
    use(Equipment(library.use(ROOT / "forms"), store, sessions, fonts, stamps))
    return app
