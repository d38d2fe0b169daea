"""The two ciphers personal fields are locked with: AES-256-GCM, or SM4-GCM where national ciphers are asked for."""

from enum import StrEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher as Engine
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TAG = 16
"""Bytes of the mark by which GCM notices a changed text; they stand at its end."""


class Cipher(StrEnum):
    """What `JINGWEI_FIELD_CIPHER` may say. GB/T 39786-2021 asks for SM4 from level 3 on."""

    AES = "aes"
    SM4 = "sm4"


def seal(cipher: Cipher, key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    """`plain` locked with a key of 32 bytes and bound to `bound`, its tag at the end."""
    if cipher is Cipher.AES:
        return _aes(key).encrypt(nonce, plain, bound)
    engine = Engine(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce)).encryptor()
    engine.authenticate_additional_data(bound)
    return engine.update(plain) + engine.finalize() + engine.tag


def unseal(cipher: Cipher, key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    """What `seal` was given. Raises InvalidTag for another key, another `bound`, or a changed text."""
    if cipher is Cipher.AES:
        return _aes(key).decrypt(nonce, sealed, bound)
    if len(sealed) < TAG:
        raise InvalidTag
    engine = Engine(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce, sealed[-TAG:])).decryptor()
    engine.authenticate_additional_data(bound)
    return engine.update(sealed[:-TAG]) + engine.finalize()


@lru_cache(maxsize=64)
def _aes(key: bytes) -> AESGCM:
    """The engine of a key; making it costs more than locking a sentence."""
    return AESGCM(key)


@lru_cache(maxsize=64)
def _sm4_key(key: bytes) -> bytes:
    """SM4 takes 16 bytes: derived from the key's 32 by HKDF over SM3, so that one key file serves both ciphers."""
    return HKDF(hashes.SM3(), length=16, salt=None, info=b"jingwei field sm4").derive(key)
