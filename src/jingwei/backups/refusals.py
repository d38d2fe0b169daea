"""Why a backup is not taken, or a file not restored."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class BackupRefused(Exception):
    """A backup is whole or is not there; the text says in Chinese and English what stood in the way."""


class Damaged(BackupRefused):
    """A member of the file is not what its digest says, is missing, or was not there when it was made."""

    def __init__(self, member: str, chinese: str, english: str) -> None:
        self.member = member
        super().__init__(
            f"备份中的 {member} {chinese}，不予恢复。\n{member} in this backup {english}; nothing is restored."
        )


class CutShort(BackupRefused):
    """The file ends before its list of digests, as one does whose copying broke off."""

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(
            f"备份文件在 {member} 处中断，不完整，不予恢复。请重新复制，或改用另一份。\n"
            f"The file is cut off in {member}; nothing is restored. Copy it again, or take another one."
        )


@contextmanager
def told(writing: Path) -> Iterator[None]:
    """Inside this block a full disk, or one that cannot be written, is told in a sentence."""
    try:
        yield
    except OSError as no:
        why = "磁盘已满" if no.errno in DISK_FULL else f"{no.strerror}"
        raise BackupRefused(
            f"写不了 {writing}（{why}），没有留下半份文件。请腾出空间，或换一个位置。\n"
            f"{writing} cannot be written ({no.strerror}); nothing half is left. Make room, or choose another place."
        ) from no
