"""Reports as they come in: from the page, and from the browser itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rushes.domain.ids import AssetId
from rushes.domain.report import Report, ReportKind, plain_address, plain_text
from rushes.server.schemas.shape import Body

MOST = 20
BROWSER_KINDS: Mapping[str, ReportKind] = {
    "csp-violation": ReportKind.CSP,
    "coep": ReportKind.EMBEDDER,
}


class PageReport(Body):
    """What the page has seen."""

    kind: Literal["csp", "embedder", "playback"]
    asset_id: str | None = Field(default=None, max_length=64)
    directive: str = Field(default="", max_length=100)
    address: str = Field(default="", max_length=4_000)
    """Only scheme, host and path are kept."""
    code: str = Field(default="", max_length=100)
    """The cause that the page named, or the code of the media error."""
    message: str = Field(default="", max_length=500)

    def report(self, at: datetime) -> Report:
        return Report(
            kind=ReportKind(self.kind),
            at=at,
            asset_id=AssetId(plain_text(self.asset_id)) if self.asset_id else None,
            directive=plain_text(self.directive),
            address=plain_address(self.address),
            code=plain_text(self.code),
            message=plain_text(self.message),
        )


class PageReports(Body):
    reports: list[PageReport] = Field(max_length=MOST)


class BrowserDetails(BaseModel):
    """The part of a browser's own words that is kept; the rest is its business."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    effective_directive: str = Field(default="", alias="effectiveDirective")
    blocked_url: str = Field(default="", alias="blockedURL")
    destination: str = ""
    disposition: str = ""


class BrowserReport(BaseModel):
    """One entry of what a browser sends by the Reporting API."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: str
    body: BrowserDetails = BrowserDetails()

    def report(self, at: datetime) -> Report | None:
        """None for what is not about the policy, such as a deprecation."""
        kind = BROWSER_KINDS.get(self.type)
        if kind is None:
            return None
        body = self.body
        return Report(
            kind=kind,
            at=at,
            directive=plain_text(body.effective_directive or body.destination),
            address=plain_address(body.blocked_url),
            code=plain_text(body.disposition),
        )
