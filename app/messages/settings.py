"""The channels that the settings ask for."""

import re

from app.config import Config, UnsafeSettings
from app.messages import gateway, mail
from app.messages.channels import Channel, Channels, Local

OFF, LOCAL = "off", "local"
DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")


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
    for domain in config.mail_domains:
        if not DOMAIN.fullmatch(domain):
            raise UnsafeSettings(
                f"GONGWEN_MAIL_DOMAINS 中的“{domain}”不是域名，应写成 water.example.cn 的样子，"
                "几个之间用逗号分开。"
            )
    return Channels(found, config.link, config.mail_domains, config.outbox_days)
