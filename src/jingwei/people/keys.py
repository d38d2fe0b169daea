"""The keys that lock personal fields; they live outside the database.

A key file holds one key a line, `name:base64 of 32 bytes`; the last line locks, every line opens.
Fields are locked with AES-256-GCM, and found again by HMAC-SHA-256 over their plain text
(GB/T 39786-2021 asks for confidentiality of identifiers at rest; SM4-GCM is a later setting).
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class Locked(Exception):
    """A personal field can be opened only with the key that locked it."""


@dataclass(frozen=True)
class Keyring:
    """Named keys; the newest locks."""

    keys: tuple[tuple[str, bytes], ...]

    @classmethod
    def read(cls, path: Path) -> "Keyring":
        """The keyring in `path`, made with one fresh key (file mode 0600) where there is none."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            line = f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}\n"
            try:
                with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                    out.write(line)
            except FileExistsError:
                pass
        pairs = (line.split(":", 1) for line in path.read_text().split())
        return cls(tuple((name, base64.b64decode(key)) for name, key in pairs))

    def lock(self, plain: str, field: str) -> bytes:
        """`plain` locked for `field`; the field's name is bound in, so a value cannot be moved elsewhere."""
        name, key = self.keys[-1]
        nonce = secrets.token_bytes(12)
        return name.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, plain.encode(), field.encode())

    def unlock(self, locked: bytes | memoryview, field: str) -> str:
        """What `lock` was given; raises `Locked` if no key fits."""
        name, _, rest = bytes(locked).partition(b":")
        key = dict(self.keys).get(name.decode(errors="replace"))
        if key is None:
            raise Locked(f"No key named {name!r} in the key file; bring back the file this database was used with.")
        try:
            return AESGCM(key).decrypt(rest[:12], rest[12:], field.encode()).decode()
        except InvalidTag as wrong:
            raise Locked("The key file does not belong to this database.") from wrong

    def mark(self, plain: str, field: str) -> str:
        """A keyed hash by which an equal value is found unopened. The oldest key marks, for good."""
        return hmac.new(self.keys[0][1], f"{field}\0{plain}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """This installation's keyring."""
    return Keyring.read(Path(settings.FIELD_KEY_FILE))
