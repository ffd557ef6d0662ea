"""登录: sign in and out, the password, the second factor, one's sessions and tokens."""

from app.web.signin import certificate, code, factor, own, views
from app.web.signin.blueprint import blueprint

__all__ = ["blueprint", "certificate", "code", "factor", "own", "views"]
