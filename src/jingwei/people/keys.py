"""The keys that lock personal fields; they live outside the database.

A key file holds one key a line: `lock k2 …` locks and opens, `find f1 …` makes the marks by which an equal value is
found unopened; what follows is base64 of 32 bytes. The last key of each sort is the one used for what is new, the
earlier ones still open and find. `keyfile` writes the file, `rotation` carries the fields over to a new key.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from jingwei.people.ciphers import Cipher, seal, unseal

LABEL = re.compile(r"(?P<key>[a-z][a-z0-9]{0,11})(?:\.(?P<cipher>[a-z0-9]+))?", re.ASCII)
"""What stands before a locked value: the key's name and the cipher; the first edition named the key alone."""

_NONCE = 12


class Locked(Exception):
    """A personal field can be opened only with the key that locked it."""


class BadKeyFile(Exception):
    """Each line of a key file reads `lock NAME BASE64` or `find NAME BASE64`, the base64 of 32 bytes."""


@dataclass(frozen=True)
class Keyring:
    """Named keys, oldest first; the newest of each sort is used for what is new."""

    keys: tuple[tuple[str, bytes], ...]
    finding: tuple[tuple[str, bytes], ...]
    cipher: Cipher = Cipher.AES

    @classmethod
    def read(cls, path: Path, cipher: Cipher = Cipher.AES) -> "Keyring":
        """The keyring in `path`, made with fresh keys where there is none. Raises BadKeyFile."""
        from jingwei.people.keyfile import make, renew

        if not path.exists():
            make(path)
        elif not path.read_text().startswith(("lock ", "find ")):
            renew(path)
        lines = [_line(n, said, path) for n, said in enumerate(path.read_text().splitlines(), 1) if said.strip()]
        ring = cls(
            tuple((name, key) for sort, name, key in lines if sort == "lock"),
            tuple((name, key) for sort, name, key in lines if sort == "find"),
            cipher,
        )
        if not ring.keys or not ring.finding:
            raise BadKeyFile(
                f"{path} needs a line `lock` and a line `find`; bring back the file this database was used with, "
                "or add what is missing: ./jingwei keys add"
            )
        return ring

    @property
    def label(self) -> str:
        """What stands before a value locked today, such as `k2.aes`."""
        return f"{self.keys[-1][0]}.{self.cipher}"

    def lock(self, plain: str, field: str) -> bytes:
        """`plain` locked for `field`; the field's name is bound in, so a value cannot be moved elsewhere."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = seal(self.cipher, self.keys[-1][1], nonce, plain.encode(), field.encode())
        return self.label.encode() + b":" + nonce + sealed

    def unlock(self, locked: bytes | memoryview, field: str) -> str:
        """What `lock` was given; raises `Locked` if no key fits."""
        label, _, rest = bytes(locked).partition(b":")
        said = LABEL.fullmatch(label.decode("ascii", errors="replace"))
        key = dict(self.keys).get(said["key"]) if said else None
        if key is None or said is None:
            raise Locked(
                f"No key named {label[:40]!r} in the key file; bring back the file this database was used with."
            )
        try:
            cipher = Cipher(said["cipher"] or Cipher.AES)
            return unseal(cipher, key, rest[:_NONCE], rest[_NONCE:], field.encode()).decode()
        except (InvalidTag, ValueError) as wrong:
            raise Locked("The key file does not belong to this database.") from wrong

    def mark(self, plain: str, field: str) -> str:
        """A keyed hash by which an equal value is found unopened, under the newest key that finds."""
        return self.marks(plain, field)[-1]

    def marks(self, plain: str, field: str) -> list[str]:
        """The marks of a value under every key that finds, so that it is found while marks are being carried over."""
        said = f"{field}\0{plain}".encode()
        found = [(name, hmac.new(key, said, hashlib.sha256).digest()) for name, key in self.finding]
        return [f"{name}:{base64.urlsafe_b64encode(digest).decode().rstrip('=')}" for name, digest in found]


def _line(number: int, said: str, path: Path) -> tuple[str, str, bytes]:
    sort, name, text = [*said.split(), "", "", ""][:3]
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if sort not in ("lock", "find") or len(key) != 32 or not LABEL.fullmatch(name) or "." in name:
        raise BadKeyFile(f"{path}, line {number}: write `lock k1 …` or `find f1 …` with the base64 of 32 bytes.")
    return sort, name, key


_read: tuple[tuple[object, ...], Keyring] | None = None


def keyring() -> Keyring:
    """This installation's keyring, read again whenever the file has changed, so that a new key needs no restart."""
    global _read
    path, cipher = Path(settings.FIELD_KEY_FILE), Cipher(settings.FIELD_CIPHER)
    try:
        stood = os.stat(path)
        seen: tuple[object, ...] = (path, cipher, stood.st_mtime_ns, stood.st_ino, stood.st_size)
    except FileNotFoundError:
        return Keyring.read(path, cipher)
    if _read is None or _read[0] != seen:
        _read = (seen, Keyring.read(path, cipher))
    return _read[1]
