"""The key that locked a field opens it, and no other; the file that holds the keys is never half written."""

import base64
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from jingwei.people import keyfile
from jingwei.people.ciphers import Cipher
from jingwei.people.keyfile import InUse
from jingwei.people.keys import BadKeyFile, Keyring, Locked, keyring
from jingwei.people.locked import locked_text, opened_text

FINDS = (("f1", os.urandom(32)),)


def ring(*names: str, cipher: Cipher = Cipher.AES) -> Keyring:
    return Keyring(tuple((name, os.urandom(32)) for name in names), FINDS, cipher)


@given(st.text(), st.sampled_from(Cipher), st.text(max_size=20))
def test_what_is_locked_is_opened_again_whatever_it_is(plain: str, cipher: Cipher, field: str) -> None:
    plain, field = plain.encode(errors="ignore").decode(), field.encode(errors="ignore").decode()
    keys = ring("k1", cipher=cipher)
    assert keys.unlock(keys.lock(plain, field), field) == plain


@pytest.mark.parametrize("cipher", Cipher)
def test_the_same_words_are_locked_differently_each_time_and_name_key_and_cipher(cipher: Cipher) -> None:
    keys = ring("k1", cipher=cipher)
    assert keys.lock("赵大娘", "name") != keys.lock("赵大娘", "name")
    assert keys.lock("赵大娘", "name").startswith(f"k1.{cipher}:".encode())


@pytest.mark.parametrize("cipher", Cipher)
def test_a_locked_name_cannot_be_passed_off_as_a_number(cipher: Cipher) -> None:
    keys = ring("k1", cipher=cipher)
    with pytest.raises(Locked, match="does not belong"):
        keys.unlock(keys.lock("10000001234", "name"), "telephone")


@pytest.mark.parametrize("cipher", Cipher)
def test_a_changed_byte_is_noticed(cipher: Cipher) -> None:
    keys = ring("k1", cipher=cipher)
    locked = bytearray(keys.lock("10000001234", "name"))
    locked[-3] ^= 1
    with pytest.raises(Locked, match="does not belong"):
        keys.unlock(bytes(locked), "name")


def test_what_an_older_key_and_the_other_cipher_locked_a_newer_ring_still_opens() -> None:
    first = ring("k1")
    newer = Keyring((*first.keys, ("k2", os.urandom(32))), FINDS, Cipher.SM4)
    assert newer.unlock(first.lock("赵大娘", "name"), "name") == "赵大娘"
    assert newer.lock("赵大娘", "name").startswith(b"k2.sm4:")


def test_marks_are_made_with_keys_of_their_own_and_found_under_each_of_them() -> None:
    keys = ring("k1")
    more = Keyring(ring("k9").keys, (*FINDS, ("f2", os.urandom(32))))
    assert more.marks("10000001234", "telephone")[0] == keys.mark("10000001234", "telephone")
    assert more.mark("10000001234", "telephone").startswith("f2:")
    assert keys.mark("10000001234", "telephone") != keys.mark("10000001234", "name")


def test_without_its_key_a_name_stays_locked_and_the_way_out_is_said() -> None:
    with pytest.raises(Locked, match="bring back the file"):
        ring("k9").unlock(ring("k1").lock("赵大娘", "name"), "name")


@pytest.mark.parametrize("rubbish", [b"", b":", b"k1.aes", b"k1.aes:", b"k1.rot13:abcdefghijklmnop", b"\xff:\x00"])
def test_rubbish_is_refused_with_a_sentence(rubbish: bytes) -> None:
    with pytest.raises(Locked):
        ring("k1").unlock(rubbish, "name")


def test_a_key_file_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "fields"
    first = Keyring.read(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Keyring.read(file) == first
    assert [name for name, _key in (*first.keys, *first.finding)] == ["k1", "f1"]


@pytest.mark.parametrize("line", ["lock k2", "lock k2 kurz", "open k2 " + "A" * 43 + "=", "lock k.2 " + "A" * 43 + "="])
def test_a_line_that_is_no_key_is_refused_by_its_number(tmp_path: Path, line: str) -> None:
    file = tmp_path / "fields"
    keyfile.make(file)
    file.write_text(f"{file.read_text()}{line}\n")
    with pytest.raises(BadKeyFile, match="line 3"):
        Keyring.read(file)


def test_a_key_that_was_added_locks_from_then_on_without_a_restart(tmp_path: Path, settings: Settings) -> None:
    settings.FIELD_KEY_FILE = tmp_path / "fields"
    before = locked_text("赵大娘", "name")
    keyfile.add(tmp_path / "fields")
    after = locked_text("赵大娘", "name")
    assert (before[:14], after[:14]) == ("locked:k1.aes:", "locked:k2.aes:")
    assert (opened_text(before, "name"), opened_text(after, "name")) == ("赵大娘", "赵大娘")
    settings.FIELD_CIPHER = "sm4"
    assert locked_text("赵大娘", "name").startswith("locked:k2.sm4:")


def test_a_key_in_use_is_not_retired_and_a_retired_one_is_kept_aside(tmp_path: Path) -> None:
    file = tmp_path / "fields"
    keyfile.make(file)
    with pytest.raises(InUse):
        keyfile.retire(file, "k1")
    going = file.read_text().splitlines()[0]
    assert keyfile.add(file) == "k2"
    aside = keyfile.retire(file, "k1")
    assert aside.read_text().splitlines() == [going]
    assert [name for name, _key in Keyring.read(file).keys] == ["k2"]
    assert stat.S_IMODE(aside.stat().st_mode) == stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(BadKeyFile, match="no key named k1"):
        keyfile.retire(file, "k1")


def test_a_file_of_the_first_edition_is_written_anew_and_opens_what_it_locked(tmp_path: Path) -> None:
    file, key = tmp_path / "fields", os.urandom(32)
    file.write_text(f"k1:{base64.b64encode(key).decode()}\n")
    nonce = os.urandom(12)
    before = b"k1:" + nonce + AESGCM(key).encrypt(nonce, "赵大娘".encode(), b"name")
    assert Keyring.read(file).unlock(before, "name") == "赵大娘"
    assert [line.split()[:2] for line in file.read_text().splitlines()] == [["lock", "k1"], ["find", "f1"]]


def test_text_from_before_the_column_was_locked_reads_as_it_stands(tmp_path: Path, settings: Settings) -> None:
    settings.FIELD_KEY_FILE = tmp_path / "fields"
    assert (opened_text("路灯不亮", "words"), opened_text("", "words"), locked_text("", "words")) == (
        "路灯不亮",
        "",
        "",
    )
    assert keyring().label == "k1.aes"
