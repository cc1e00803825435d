"""What another program asks of an open studio while a page looks on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from tests.programs import OpenStudio

PAID_MODEL = "ltx-2.3-fast"


@dataclass(frozen=True)
class Asking:
    studio: OpenStudio

    def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = httpx.request(
            method,
            f"{self.studio.url}{path}",
            json=body,
            headers={"authorization": f"Bearer {self.studio.token}"},
            timeout=30,
            trust_env=False,
        )
        answer.raise_for_status()
        return answer.json()

    def projects(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.ask("GET", "/api/projects")["items"]
        return items

    def make_project(self, name: str) -> str:
        return str(self.ask("POST", "/api/projects", {"name": name})["id"])

    def order(self, prompt: str, project_id: str | None = None, model: str = PAID_MODEL) -> str:
        """Order a clip; returns the generation's id."""
        wanted = project_id or self.projects()[0]["id"]
        order = {"prompt": prompt, "models": [model]}
        started = self.ask("POST", f"/api/projects/{wanted}/generations", order)
        return str(started["generations"][0]["id"])
