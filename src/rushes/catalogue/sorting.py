"""The orders in which the library can be listed, and where the next page of one begins."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, and_, or_, tuple_

from rushes.catalogue.fits import Face
from rushes.catalogue.pages import Place
from rushes.catalogue.tables import items
from rushes.domain.errors import InvalidInputError
from rushes.domain.listing import Sort

Key: TypeAlias = int | float | str | None
LARGEST_NUMBER = 2**62


@dataclass(frozen=True, slots=True)
class By:
    """A column that decides before the age does. What has no value comes last."""

    column: Column[Any]
    is_rising: bool

    @property
    def order(self) -> ColumnElement[Any]:
        ordered = self.column.asc() if self.is_rising else self.column.desc()
        return ordered.nulls_last() if self.column.nullable else ordered

    def beyond(self, key: Key) -> ColumnElement[bool]:
        further = self.column > key if self.is_rising else self.column < key
        return or_(further, self.column.is_(None)) if self.column.nullable else further


BY: Mapping[Sort, By] = MappingProxyType(
    {
        Sort.RATING: By(items.c.rating, is_rising=False),
        Sort.LONGEST: By(items.c.seconds, is_rising=False),
        Sort.SHORTEST: By(items.c.seconds, is_rising=True),
        Sort.LARGEST: By(items.c.size, is_rising=False),
        Sort.NAME: By(items.c.name, is_rising=True),
    }
)
"""The others go by age alone. Of two that are equal the newer comes first; where the column rises,
the older, so that an index can be walked either way."""


def order(sort: Sort, face: Face) -> tuple[ColumnElement[Any], ...]:
    age = face.age if _is_rising(sort) else tuple(column.desc() for column in face.age)
    return (BY[sort].order, *age) if sort in BY else age


def _is_rising(sort: Sort) -> bool:
    return BY[sort].is_rising if sort in BY else sort is Sort.OLDEST


@dataclass(frozen=True, slots=True)
class Mark:
    """The last item of a page of assets, in the order of that list."""

    sort: Sort
    key: Key
    place: Place

    def cursor(self) -> str:
        text = json.dumps([self.sort, self.key, self.place.cursor()])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def of(cls, cursor: str, sort: Sort) -> Mark:
        """Raises InvalidInputError for what no list in this order has given."""
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
            of_sort, key, place = json.loads(text)
            if of_sort == sort and _is_key(key, sort):
                return cls(sort, key, Place.of(place))
        except (TypeError, ValueError, RecursionError, binascii.Error) as error:
            raise _no_cursor() from error
        raise _no_cursor()

    def beyond(self, face: Face) -> ColumnElement[bool]:
        """Holds for what comes after it."""
        age = tuple_(*face.age)
        mark = (self.place.at, self.place.id)
        further = age > mark if _is_rising(self.sort) else age < mark
        by = BY.get(self.sort)
        if by is None:
            return further
        is_equal = by.column.is_(None) if self.key is None else by.column == self.key
        beside = and_(is_equal, further)
        return beside if self.key is None else or_(by.beyond(self.key), beside)


def _is_key(key: object, sort: Sort) -> bool:
    by = BY.get(sort)
    if key is None:
        return by is None or bool(by.column.nullable)
    if by is None or isinstance(key, bool):
        return False
    if sort is Sort.NAME:
        return isinstance(key, str)
    return isinstance(key, int | float) and abs(key) < LARGEST_NUMBER


def _no_cursor() -> InvalidInputError:
    return InvalidInputError(
        "This is not a cursor that a list in this order has given.", field="cursor"
    )
