"""Every error that Rushes raises, in one tree.

The docstring of a class is its title: the sentence a person reads first. Where it happened is the
first branch; whether trying again can help is said by ``retryable``. HTTP statuses and exit codes
are not here: they are one table at each edge.

::

    RushesError
    ├─ InvalidInputError ─ prompt, model, settings, image, name, file: refused before any money
    ├─ NotFoundError ─ project, asset, generation, notice
    ├─ ConflictError ─ what was asked does not fit the state the thing is in
    ├─ AnswerLostError ─ an order whose answer was lost on the way to the terminal
    ├─ AccessError ─ who is asking, and from where
    ├─ RangeError ─ a part of a file that it does not have
    ├─ TooManyReportsError ─ the page reports more than is kept
    ├─ SettingsError
    ├─ ProviderError ─ the paid service: not configured, refused, failed, out of reach, unknown
    ├─ DownloadError ─ the network between the provider's media host and us
    ├─ MediaError ─ what the bytes turned out to be
    ├─ StorageError ─ our own disk
    └─ CatalogueError ─ our own record
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from rushes.domain.problem import Json, Problem


class RushesError(Exception):
    """Something went wrong that Rushes has no name for."""

    code: ClassVar[str] = "unexpected"
    remedy: ClassVar[str] = "Run `rushes doctor`, and report this with what it prints."
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str = "", *, remedy: str | None = None, **facts: Json) -> None:
        super().__init__(detail)
        self.problem = Problem(
            code=self.code,
            title=self.title(),
            detail=detail,
            remedy=self.remedy if remedy is None else remedy,
            retryable=self.retryable,
            facts=facts,
        )

    @classmethod
    def title(cls) -> str:
        return inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]

    def __str__(self) -> str:
        return str(self.problem)


# --- what was asked ---------------------------------------------------------------------------


class InvalidInputError(RushesError):
    """What was asked cannot be done as it stands."""

    code = "invalid_input"
    remedy = "Correct the named field and ask again."

    def __init__(
        self, detail: str = "", *, field: str, remedy: str | None = None, **facts: Json
    ) -> None:
        super().__init__(detail, remedy=remedy, field=field, **facts)


class EmptyPromptError(InvalidInputError):
    """The prompt is empty."""

    code = "prompt_empty"
    remedy = "Write what should be seen and heard."


class PromptTooLongError(InvalidInputError):
    """The prompt is too long for this model."""

    code = "prompt_too_long"
    remedy = "Shorten the prompt."


class UnknownModelError(InvalidInputError):
    """There is no model of this name."""

    code = "model_unknown"
    remedy = "Choose one that `rushes models` lists."


class UnknownSettingError(InvalidInputError):
    """This model has no setting of this name."""

    code = "setting_unknown"
    remedy = "Leave it out, or choose one of the settings named here."


class IllegalSettingError(InvalidInputError):
    """This model does not take this value."""

    code = "setting_illegal"
    remedy = "Choose one of the allowed values."


class IllegalCombinationError(InvalidInputError):
    """These settings cannot be used together."""

    code = "combination_illegal"
    remedy = "Change one of the named settings."


class ImageInputError(InvalidInputError):
    """This image cannot be used as an input."""

    code = "image_unusable"
    remedy = "Import a PNG, JPEG or WebP image and choose that."


class NothingChosenError(InvalidInputError):
    """No model was chosen."""

    code = "model_missing"
    remedy = "Choose at least one model."


class CostLimitError(InvalidInputError):
    """This would cost more than the limit that was set."""

    code = "cost_limit"
    remedy = "Raise --max-cost, or ask for less."


class IllegalNameError(InvalidInputError):
    """This name cannot be used."""

    code = "name_illegal"
    remedy = "Choose a name of 1 to 120 characters."


class FileInputError(InvalidInputError):
    """This file cannot be imported."""

    code = "file_unusable"
    remedy = "Import a video, an image or a sound file."


# --- what was named ---------------------------------------------------------------------------


class NotFoundError(RushesError):
    """There is nothing of this name."""

    code = "not_found"
    remedy = "Look at what there is, and use its id."


class ProjectNotFoundError(NotFoundError):
    """There is no such project."""

    code = "project_not_found"


class AssetNotFoundError(NotFoundError):
    """There is no such asset."""

    code = "asset_not_found"


class GenerationNotFoundError(NotFoundError):
    """There is no such generation."""

    code = "generation_not_found"


class OrderNotFoundError(NotFoundError):
    """No order of this id has arrived."""

    code = "order_not_found"
    remedy = "Order it: with the same id it is done once, however often it is sent."


class NoticeNotFoundError(NotFoundError):
    """There is no such notice."""

    code = "notice_not_found"


class MediaNotHereError(NotFoundError):
    """There is no file to play."""

    code = "media_not_here"
    remedy = "Relink the file, look again, or download it once more."


class RemotePlaybackOffError(MediaNotHereError):
    """The clip is at the provider, and playing from there is switched off."""

    code = "remote_playback_off"
    remedy = "Download it, or set RUSHES_REMOTE_PLAYBACK to relay."


class ProxyNotThereError(MediaNotHereError):
    """There is no copy to play of this asset."""

    code = "proxy_not_there"
    remedy = "Have one made first, or play the original."


class RangeError(RushesError):
    """The requested range lies outside the file."""

    code = "range_unsatisfiable"
    remedy = "Ask for bytes below the size that Content-Range names."


class ConflictError(RushesError):
    """This cannot be done in the state that the thing is in."""

    code = "conflict"
    remedy = "Look at its state again."


class OtherFileError(ConflictError):
    """This is not the file that was saved."""

    code = "relink_other_file"
    remedy = "Choose the file that was saved, or say that you want this one anyway."


class KeptHereError(ConflictError):
    """This file is not let go."""

    code = "kept_here"
    remedy = "Nothing to do: it stays."


class NoFramesError(ConflictError):
    """A frame can only be taken from a video."""

    code = "frames_none"
    remedy = "Choose a video."


class ProxyImpossibleError(ConflictError):
    """A copy to play is made of videos and sounds only."""

    code = "proxy_impossible"
    remedy = "Nothing to do: browsers show the pictures of a library as they are."


class CannotRevealError(ConflictError):
    """The folder cannot be opened from here."""

    code = "cannot_reveal"
    remedy = "Copy the path and open it yourself."


class OrderTakenError(ConflictError):
    """Another order has this id."""

    code = "order_taken"
    remedy = "Give each order an id of its own."


class LibraryInUseError(ConflictError):
    """Another Rushes is working on this library."""

    code = "library_in_use"
    remedy = "Wait until it has ended, or use the one that is open."


# --- who asks ---------------------------------------------------------------------------------


class AnswerLostError(RushesError):
    """It is not known whether the open studio has the order."""

    code = "answer_lost"
    remedy = "Send the same order with the same id: it is done once."


class AccessError(RushesError):
    """This address may only be used by the person whose library it is."""

    code = "access_denied"
    remedy = "Open the address that `rushes studio` printed."


class TokenMissingError(AccessError):
    """The access token is missing or wrong."""

    code = "token_required"


class HostRefusedError(AccessError):
    """This host name does not belong to the studio."""

    code = "host_refused"


class OriginRefusedError(AccessError):
    """Another web page may not use the studio."""

    code = "origin_refused"


class TooManyAttemptsError(AccessError):
    """Too many wrong tokens came from this address."""

    code = "too_many_attempts"
    remedy = "Wait a moment, then open the address that `rushes studio` printed."
    retryable = True


class BodyRefusedError(AccessError):
    """A body of this type is not taken here."""

    code = "body_refused"
    remedy = "Send JSON as application/json, and files as multipart/form-data."


class BodyTooLargeError(AccessError):
    """The body is larger than what is taken here."""

    code = "body_too_large"
    remedy = "Send less at once; `rushes import FILE` takes files one by one."


class TooManyReportsError(RushesError):
    """More reports came than are taken in a minute."""

    code = "reports_too_many"
    remedy = "Nothing to do: what was reported before is kept."
    retryable = True


class ReportTooLongError(InvalidInputError):
    """This report is too long."""

    code = "report_too_long"
    remedy = "Send fewer reports at a time."


class SettingsError(RushesError):
    """A setting cannot be used."""

    code = "settings_invalid"
    remedy = "Correct the named setting."


# --- the paid service -------------------------------------------------------------------------


class ProviderError(RushesError):
    """The provider could not do this."""

    code = "provider_error"
    remedy = "Try again later."

    may_have_been_charged: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        remedy: str | None = None,
        retry_after: timedelta | None = None,
        **facts: Json,
    ) -> None:
        facts.setdefault("may_have_been_charged", self.may_have_been_charged)
        super().__init__(detail, remedy=remedy, **facts)
        self.retry_after = retry_after


class KeyMissingError(ProviderError):
    """There is no key for this provider."""

    code = "provider_key_missing"
    remedy = "Run `rushes key`, or use the free offline model `animatic`."


class KeyRefusedError(ProviderError):
    """The provider does not accept the key."""

    code = "provider_key_refused"
    remedy = "Compare it with the keys in your fal dashboard; `rushes key` sets another."


class AccountLockedError(ProviderError):
    """The provider has locked the account."""

    code = "provider_account_locked"
    remedy = "Look at billing in your fal dashboard."


class EndpointUnknownError(ProviderError):
    """The provider does not know this model any more."""

    code = "provider_model_gone"
    remedy = "Choose another model."


class RequestRejectedError(ProviderError):
    """The provider rejected the request."""

    code = "provider_rejected"
    remedy = "Change what the provider names, and generate again."


class ContentRefusedError(RequestRejectedError):
    """The provider refused the content."""

    code = "provider_content_refused"
    remedy = "Change the prompt or the image, and generate again."
    may_have_been_charged = True


class RateLimitedError(ProviderError):
    """The provider asks us to slow down."""

    code = "provider_rate_limited"
    remedy = "Nothing to do: it is tried again by itself."
    retryable = True


class ProviderUnavailableError(ProviderError):
    """The provider answered that it cannot serve this now."""

    code = "provider_unavailable"
    remedy = "Nothing to do: it is tried again by itself."
    retryable = True


class ProviderUnreachableError(ProviderError):
    """The provider could not be reached; nothing was sent."""

    code = "provider_unreachable"
    remedy = "Check the network; it is tried again by itself."
    retryable = True


class OutcomeUnknownError(ProviderError):
    """The request was sent and no answer came: it may have been bought."""

    code = "provider_outcome_unknown"
    remedy = "Rushes looks it up in the provider's list; it is never sent again by itself."
    may_have_been_charged = True


class GenerationFailedError(ProviderError):
    """The provider could not make this clip."""

    code = "provider_generation_failed"
    remedy = "Generate again, perhaps with other settings."


class ResultGoneError(ProviderError):
    """The provider no longer has the result of this request."""

    code = "provider_result_gone"
    remedy = "Generate again; what was delivered before is kept."
    may_have_been_charged = True


class ResultUnreadableError(ProviderError):
    """The provider's answer is not one that Rushes can read."""

    code = "provider_result_unreadable"
    remedy = "The answer is kept as it came; report it with `rushes show`."
    may_have_been_charged = True


# --- the network to the media -----------------------------------------------------------------


class DownloadError(RushesError):
    """The clip could not be downloaded."""

    code = "download_failed"
    remedy = "Nothing to do: it is tried again by itself."
    retryable = True

    def __init__(
        self,
        detail: str = "",
        *,
        remedy: str | None = None,
        retry_after: timedelta | None = None,
        **facts: Json,
    ) -> None:
        super().__init__(detail, remedy=remedy, **facts)
        self.retry_after = retry_after


class MediaHostRefusedError(DownloadError):
    """This media host is not one that Rushes may download from."""

    code = "media_host_refused"
    remedy = "If you trust it, add it to RUSHES_MEDIA_HOSTS."
    retryable = False


class DownloadStatusError(DownloadError):
    """The media host answered with an error."""

    code = "download_status"


class DownloadInterruptedError(DownloadError):
    """The download was cut off."""

    code = "download_interrupted"


class DownloadShortError(DownloadError):
    """Fewer or more bytes came than the media host announced."""

    code = "download_wrong_length"


class DownloadNotMediaError(DownloadError):
    """The media host sent something that is not a video."""

    code = "download_not_media"


class RemoteDiffersError(DownloadError):
    """The provider does not have the bytes that were saved."""

    code = "remote_differs"
    remedy = "Look at what its address holds. To keep that as well, import it."
    retryable = False


class MediaGoneError(DownloadError):
    """The media host no longer has this clip."""

    code = "media_gone"
    remedy = "Ask once more, relink a file that you have, or generate it again."
    retryable = False


class DirectPlaybackError(DownloadError):
    """The page may not play this clip from its media host."""

    code = "direct_playback_refused"
    remedy = "Nothing to do: it is played through the studio instead."
    retryable = False


# --- what the bytes are -----------------------------------------------------------------------


class MediaError(RushesError):
    """This media file cannot be used."""

    code = "media_unusable"
    remedy = "Use another file."


class MediaUnreadableError(MediaError):
    """This file does not open as a video, an image or a sound."""

    code = "media_unreadable"


class MediaTooCostlyError(MediaError):
    """Reading this file asks for more memory or time than is allowed."""

    code = "media_too_costly"


class FrameNotThereError(MediaError):
    """This video has no frame of that number."""

    code = "frame_not_there"
    remedy = "Ask for `first`, `last`, or a number that it has."


# --- our own disk and record ------------------------------------------------------------------


class StorageError(RushesError):
    """The bytes could not be written to the library."""

    code = "storage_failed"
    remedy = "Look at the disk that holds the library."
    retryable = True


class DiskFullError(StorageError):
    """The disk that holds the library is full."""

    code = "disk_full"
    remedy = "Free some room; nothing that was bought is lost."


class PermissionDeniedError(StorageError):
    """The library folder may not be written to."""

    code = "permission_denied"
    remedy = "Give yourself write access to the library folder."


class ReadOnlyError(StorageError):
    """The library lies on a read-only disk."""

    code = "read_only"
    remedy = "Make the disk writable again."


class StoreMissingError(StorageError):
    """The library folder, or a folder in it, is not there."""

    code = "store_missing"
    remedy = "Connect the disk or restore the folder."


class NameTooLongError(StorageError):
    """The file name is too long for this disk."""

    code = "name_too_long"
    remedy = "Move the library to a shorter path."


class TooManyOpenFilesError(StorageError):
    """Too many files are open."""

    code = "too_many_open_files"
    remedy = "Raise the limit of open files."


class StoreUnavailableError(StorageError):
    """The disk that holds the library answers with errors."""

    code = "store_unavailable"


class SourceUnreadableError(StorageError):
    """The bytes wait in a file on this machine that cannot be read now."""

    code = "source_unreadable"
    remedy = "Look at the disk and the rights of that file; it is tried again, and stays."


class CheckFailedError(StorageError):
    """The clip came whole, and this machine could not check it."""

    code = "check_failed"
    remedy = "Its bytes are kept and it is tried again; close other programs if memory is short."


class ChecksumMismatchError(StorageError):
    """The file is not the one that was saved."""

    code = "checksum_mismatch"
    remedy = "Download it again, or relink the right file."


class CatalogueError(RushesError):
    """The library's catalogue cannot be used."""

    code = "catalogue_failed"


class CatalogueLockedError(CatalogueError):
    """The library's catalogue is locked by another program."""

    code = "catalogue_locked"
    remedy = "Close the other program and try again."
    retryable = True


class CatalogueFullError(CatalogueError):
    """There is no room left to write to the catalogue."""

    code = "catalogue_full"
    remedy = "Free some room on the disk that holds the library."
    retryable = True


class CatalogueCorruptError(CatalogueError):
    """The library's catalogue is damaged."""

    code = "catalogue_corrupt"
    remedy = (
        "Restore it from a copy, or run `rushes repair --rebuild`: it keeps the damaged file and "
        "makes the list again from the media folder."
    )


class CatalogueMissingError(CatalogueError):
    """There is no library in this folder."""

    code = "catalogue_missing"
    remedy = (
        "If it lies on another disk, connect that one. `rushes studio` makes a new library here; "
        "`rushes repair` lists what lies in a media folder whose catalogue is gone."
    )


class CatalogueNewerError(CatalogueError):
    """The library was written by a newer Rushes."""

    code = "catalogue_newer"
    remedy = "Install that version or a later one."


def all_errors(root: type[RushesError] = RushesError) -> Iterator[type[RushesError]]:
    """Walk the tree from its root, each class once, parents first."""
    yield root
    for child in root.__subclasses__():
        yield from all_errors(child)
