"""登录: sign in, sign out, change the password."""

from app.web.signin.views import blueprint

__all__ = ["blueprint"]
