"""From what differs between the folder and the list to the mends that would be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rushes.doctor.finding import Finding, Status
from rushes.doctor.library_files import Comparison, path_of
from rushes.doctor.mend import Mend, MendKind, Plan
from rushes.domain.asset import Asset
from rushes.domain.media_reference import MissingMedia, SavedMedia
from rushes.store.sidecars import Sidecar, sidecar_path

NOT_NAMED = "No asset names it, and it has no sidecar."
NO_SIDECAR = "`rushes repair --adopt` lists it as an import."
UNREADABLE = "It is left as it is. If it is not yours, remove it."
SAME_ID = "It is left as it is. Import the file to have it listed beside the other one."


def plan_mends(
    found: Comparison,
    listed: Mapping[str, Asset],
    drafts: Iterable[str],
    posterless: Iterable[tuple[str, str]] = (),
    *,
    adopt: bool = False,
) -> Plan:
    """``listed`` are the assets that the unlisted sidecars name, where the catalogue has them;
    ``posterless`` the ids and paths of assets without a poster.
    """
    absent = {asset.id for asset in (*found.gone, *found.still_missing)}
    mends: list[Mend] = []
    findings: list[Finding] = []
    moved: dict[str, str] = {}
    """Where each asset that is named has been found: the newest sidecar wins."""
    for sidecar in sorted(found.unlisted, key=_newest_first, reverse=True):
        asset = sidecar.provenance.asset
        known = listed.get(asset.id)
        if asset.id in moved or (known is not None and known.id not in absent):
            findings.append(_same_id(sidecar, moved.get(asset.id)))
        elif known is None:
            moved[asset.id] = sidecar.file
            mends.append(_list_again(sidecar))
        elif _bytes_of(known) != _bytes_of(asset):
            findings.append(_same_id(sidecar, None))
        else:
            moved[asset.id] = sidecar.file
            mends.append(_moved(sidecar))
    mends += [_back(asset) for asset in found.back]
    mends += [_gone(asset) for asset in found.gone if asset.id not in moved]
    mends += [_without_sidecar(asset) for asset in found.without_sidecar]
    for sidecar in found.alone:
        asset = sidecar.provenance.asset
        if asset.id not in moved and asset.id not in listed:
            moved[asset.id] = sidecar.file
            mends.append(_list_missing(sidecar))
    mends += [_draft(path) for path in drafts]
    gone = {asset.id for asset in found.gone}
    mends += [_poster(one, path) for one, path in posterless if one not in gone]
    if adopt:
        mends += [_adopt(path) for path in found.unknown]
        found = replace(found, unknown=[])
    return Plan(mends, findings + _left_alone(found))


def plan_update(older: str | None) -> list[Mend]:
    """``older`` is the schema of a catalogue that an older Rushes wrote."""
    if older is None:
        return []
    message = f"An older Rushes wrote the catalogue (schema {older}): bring it to this one's."
    return [Mend(MendKind.UPDATE_CATALOGUE, "catalogue", "", message)]


def _newest_first(sidecar: Sidecar) -> tuple[object, str]:
    return (sidecar.written_at, sidecar.path)


def _bytes_of(asset: Asset) -> tuple[int, str]:
    assert isinstance(asset.media, SavedMedia | MissingMedia), "only these have bytes"
    return asset.media.size, asset.media.sha256


def _list_again(sidecar: Sidecar) -> Mend:
    asset = sidecar.provenance.asset
    message = f"{sidecar.file} has a sidecar and is not listed: list it as {asset.name!r}."
    return Mend(MendKind.LIST_AGAIN, asset.id, sidecar.path, message)


def _list_missing(sidecar: Sidecar) -> Mend:
    asset = sidecar.provenance.asset
    message = f"{sidecar.path} has no file and is not listed: list {asset.name!r} as missing."
    return Mend(MendKind.LIST_MISSING, asset.id, sidecar.path, message)


def _moved(sidecar: Sidecar) -> Mend:
    message = f"Its file lies at {sidecar.file} now: take it from there."
    return Mend(MendKind.TAKE_BACK, sidecar.provenance.asset.id, sidecar.file, message)


def _back(asset: Asset) -> Mend:
    message = f"A file is at {path_of(asset)} again: take it back if it is the same."
    return Mend(MendKind.TAKE_BACK, asset.id, path_of(asset), message)


def _gone(asset: Asset) -> Mend:
    message = f"{path_of(asset)} is gone: mark {asset.name!r} as missing."
    return Mend(MendKind.NOTE_MISSING, asset.id, path_of(asset), message)


def _without_sidecar(asset: Asset) -> Mend:
    path = sidecar_path(path_of(asset))
    return Mend(MendKind.WRITE_SIDECAR, asset.id, path, f"{path} is not there: write it.")


def _draft(path: str) -> Mend:
    message = f"{path} was left by a run that did not end in order: remove it."
    return Mend(MendKind.REMOVE_DRAFT, path, path, message)


def _poster(asset_id: str, path: str) -> Mend:
    return Mend(MendKind.MAKE_POSTER, asset_id, path, f"{path} has no poster: make it.")


def _adopt(path: str) -> Mend:
    message = f"{path} belongs to no asset: list it as an import, where it lies."
    return Mend(MendKind.ADOPT, path, path, message)


def _same_id(sidecar: Sidecar, elsewhere: str | None) -> Finding:
    where = f", as {elsewhere} is" if elsewhere else ""
    return Finding(
        sidecar.path,
        "sidecar_same_id",
        Status.WARNING,
        f"The asset that it names, {sidecar.provenance.asset.id}, is listed already{where}.",
        SAME_ID,
    )


def _left_alone(found: Comparison) -> list[Finding]:
    return [
        *(
            Finding(one.path, "sidecar_unreadable", Status.WARNING, one.reason, UNREADABLE)
            for one in found.unreadable
        ),
        *(
            Finding(path, "file_unknown", Status.WARNING, NOT_NAMED, NO_SIDECAR)
            for path in found.unknown
        ),
    ]
