"""What every command needs: the settings, the application, one transaction."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app import create_app
from app.config import Config
from app.database import db


class Refused(Exception):
    """The command cannot be done; the message is a sentence for whoever typed it."""


def settings() -> Config:
    """From the environment. Raises UnsafeSettings."""
    return Config.from_environment(os.environ)


@contextmanager
def office() -> Iterator[Session]:
    """The database of this installation; what the block does is committed once, at its end."""
    with create_app(settings()).app_context():
        session = db.session()
        yield session
        session.commit()
