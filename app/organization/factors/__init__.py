"""双因素: the code of an authenticator (TOTP) beside the password, where a unit asks for it."""
