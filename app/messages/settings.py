"""The channels that the settings ask for."""

from app.config import Config
from app.messages import gateway, mail
from app.messages.channels import Channel, Channels, Local

OFF, LOCAL = "off", "local"


def channels(config: Config) -> Channels:
    """Raises UnsafeSettings for what cannot be read or would go out unprotected."""
    found: dict[str, Channel] = {}
    if config.mail == LOCAL:
        found["mail"] = Local()
    elif config.mail != OFF:
        found["mail"] = mail.read(config.mail, config.mail_from)
    if config.sms == LOCAL:
        found["sms"] = Local()
    elif config.sms != OFF:
        found["sms"] = gateway.read(config.sms, config.sms_key)
    return Channels(found, config.link)
