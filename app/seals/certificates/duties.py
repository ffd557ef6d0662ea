"""What the two processes with keys look for at each turn, a transaction to a piece of work."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain

from sqlalchemy.orm import Session

from app import clock
from app.seals.certificates import key_making
from app.seals.certificates.founding import renew_services
from app.seals.certificates.issuing import issue_granted
from app.seals.certificates.office import Office
from app.seals.certificates.publishing import renew_lists
from app.seals.keys import KeyKeeper

Sessions = Callable[[], Session]


def of_authority(sessions: Sessions, office: Office) -> int:
    """Renew its services, issue what was granted, renew its lists; how much there was to do.

    Raises NoAuthority before the founding. What fails keeps none of the others back.
    """
    count = 0

    def services(session: Session) -> int:
        return renew_services(session, office, clock.now(session))

    def applications(session: Session) -> int:
        return issue_granted(session, office, clock.now(session))

    def lists(session: Session) -> int:
        return len(renew_lists(session, office, clock.now(session)))

    def do(work: Callable[[Session], int]) -> None:
        nonlocal count
        with sessions() as session:
            count += work(session)
            session.commit()

    key_making.done(partial(do, work) for work in (services, applications, lists))
    return count


def of_signer(sessions: Sessions, new: KeyKeeper, others: Sequence[KeyKeeper] = ()) -> int:
    """Make keys that granted applications wait for, destroy those of revoked certificates.

    new     where new keys are made; ``others`` only have keys from before
    """
    pieces = [key_making.pieces(sessions, new, makes=True)]
    pieces += [key_making.pieces(sessions, each, makes=False) for each in others]
    return key_making.done(chain(*pieces))
