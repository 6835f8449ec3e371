"""Which names and values look as if a secret stood where everybody can read it. Pure text."""

import re

# How names of what is secret end; not what only tells of it, such as MAX_TOKENS or DB_SECRET_ARN.
SECRET_NAME = re.compile(r"(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY)$")
# What stands for no secret: switches, and where one is kept.
NO_SECRET = re.compile(r"(true|false|yes|no)|(arn:|/).*", re.IGNORECASE | re.DOTALL)
# Tokens that a model reads and writes, and numbers of them.
NO_TOKEN = re.compile(r"[0-9]+|[<\[].*[>\]]")
ACCESS_KEY_ID = re.compile(r"(?<![A-Z0-9])(AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])")
# Forty letters of base64, of all kinds: a hash of Git has no capitals.
SECRET_ACCESS_KEY = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9/+]{40}")
PRIVATE_KEY = "PRIVATE KEY-----"
PASSWORD_IN_URL = re.compile(r"(?<=[a-z0-9])://[^/@:\s]*:[^/@\s]+@")


def is_plain_secret(name: str, value: str) -> bool:
    """Return whether a variable, option or parameter looks like a secret: by its name, or by its value alone."""
    return looks_secret(value) or _is_called_so(name.upper().replace("-", "_"), value)


def looks_secret(value: str) -> bool:
    """Return whether a text is or holds a key of AWS, a private key, or an address with a password in it."""
    return bool(
        ACCESS_KEY_ID.search(value)
        or SECRET_ACCESS_KEY.fullmatch(value)
        or PRIVATE_KEY in value
        or PASSWORD_IN_URL.search(value)
    )


def _is_called_so(name: str, value: str) -> bool:
    found = SECRET_NAME.search(name)
    if not found or not value or NO_SECRET.fullmatch(value):
        return False
    return found[0] != "TOKEN" or not NO_TOKEN.fullmatch(value)
