"""How much one request may bring: refused by what it says of its length, before a byte of it is kept."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class WithinBounds(FileUploadHandler):
    """Refuses a form with files that is larger than all its files may be together; stands first in the settings.

    Django bounds what stands in fields, and nothing of files; each photograph is bounded again where it is kept.
    """

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        if content_length > settings.MOST_OF_A_REQUEST:
            raise RequestDataTooBig("A request brings at most MOST_OF_A_REQUEST bytes.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
