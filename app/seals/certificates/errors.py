"""What the life cycle of certificates refuses."""

from app.errors import Conflict, Invalid, NotAllowed, NotFound


class NoSuchCertificate(NotFound):
    """Neither the number nor the serial is known, or it is not this person's to see."""

    def __init__(self) -> None:
        super().__init__("没有这张证书，或者您无权查看。")


class ApplicationRefused(Invalid):
    """The application lacks what the rules ask for; nothing is entered."""

    code = "application_refused"


class WrongCertificateState(Conflict):
    """The verb does not go with the present state of certificate or application."""

    code = "wrong_certificate_state"


class SecondCertificate(Conflict):
    """一人一证 (SIG-41)."""

    code = "second_certificate"


class SamePerson(NotAllowed):
    """Asking, checking and granting lie in different hands."""

    code = "same_person"


class CertificateUnusable(Conflict):
    """The certificate may not be used now; ``code`` says which way."""

    code = "certificate_unusable"


class ListTooOld(Conflict):
    """The revocation list has run out: nobody can say any more what is revoked."""

    code = "list_too_old"
