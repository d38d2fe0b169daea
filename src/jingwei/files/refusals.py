"""Why a photograph is not taken, in words that tell its owner what to do next.

FileRefused
  NothingSent · TooLarge · CutShort · NotAPhotograph · Heic · TooManyPixels · NotHandedIn · NoRoom
NotReady
"""

from django.utils.translation import gettext as _


class FileRefused(ValueError):
    """A file that breaks a rule of this room is not kept."""


class NothingSent(FileRefused):
    """A file has at least one byte."""

    def __init__(self) -> None:
        super().__init__(_("The file is empty. Choose the photograph again."))


class TooLarge(FileRefused):
    """A file is no larger than the limit, in bytes, that its taker set."""

    def __init__(self, limit: int) -> None:
        said = _("The photograph is larger than %(limit)s MB. Send a smaller one.")
        super().__init__(said % {"limit": f"{limit / 1_000_000:g}"})


class CutShort(FileRefused):
    """A file arrives whole: its digest is the one announced, and it has its own end mark."""

    def __init__(self) -> None:
        super().__init__(_("The photograph did not arrive whole. Send it again."))


class NotAPhotograph(FileRefused):
    """A file is a JPEG, PNG or WebP picture by its content, whatever its name says."""

    def __init__(self) -> None:
        super().__init__(_("This file is not a photograph. Send a JPEG, PNG or WebP picture."))


class Heic(NotAPhotograph):
    """A picture in the form some telephones keep to themselves cannot be read here or at most offices."""

    def __init__(self) -> None:
        FileRefused.__init__(
            self,
            _(
                "This photograph is in the HEIC form, which cannot be read here. Choose «Most compatible» in the"
                " settings of the camera, or send a JPEG."
            ),
        )


class TooManyPixels(FileRefused):
    """A picture, by its header, has no more pixels than can be decoded safely."""

    def __init__(self, most: int) -> None:
        said = _("The picture has more than %(most)s million pixels. Send a smaller one.")
        super().__init__(said % {"most": most // 1_000_000})


class NotHandedIn(FileRefused):
    """Whoever attaches a photograph has handed it in herself, within the last day."""

    def __init__(self) -> None:
        super().__init__(_("A photograph has not arrived here. Choose it once more."))


class NoRoom(FileRefused):
    """Photographs do not fill the disk to its brim: the database needs room to write."""

    def __init__(self) -> None:
        super().__init__(_("No more photographs can be stored at the moment. Send your matter without them."))


class NotReady(LookupError):
    """A photograph is shown only after it was made anew without its hidden data."""

    def __init__(self) -> None:
        super().__init__(_("The photograph is still being prepared. Look again in a moment."))
