"""Which providers there are, and who makes which model."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from rushes.domain.errors import UnknownModelError
from rushes.domain.ids import ModelId
from rushes.domain.model_spec import ModelSpec
from rushes.providers.provider import Provider


@dataclass(frozen=True, slots=True)
class OfferedModel:
    spec: ModelSpec
    provider: Provider


class Registry:
    def __init__(self, providers: Iterable[Provider]) -> None:
        self.providers = tuple(providers)
        self.models = tuple(
            OfferedModel(spec, provider) for provider in self.providers for spec in provider.models
        )
        self._by_name = {
            name: offered
            for offered in self.models
            for name in (*offered.spec.aliases, offered.spec.id)
        }

    def find(self, name: str) -> OfferedModel:
        """The model of this id or alias.

        Raises:
            UnknownModelError: there is none; names the nearest ones.
        """
        offered = self._by_name.get(name)
        if offered is None:
            near = difflib.get_close_matches(name, self._by_name, n=3)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise UnknownModelError(
                f"No model is called {name!r}.{hint}",
                field="models",
                value=name,
                allowed=[model.spec.id for model in self.models],
            )
        return offered

    def made_by(self, model: ModelId) -> Provider:
        return self.find(model).provider
