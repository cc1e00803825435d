"""Orders that came with an id of their own: what was asked under it, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from rushes.catalogue import generations
from rushes.catalogue.catalogue import Transaction
from rushes.catalogue.tables import orders
from rushes.domain.errors import OrderNotFoundError, OrderTakenError
from rushes.domain.generation import Generation
from rushes.domain.ids import OrderId, ProjectId


def insert(
    transaction: Transaction,
    order_id: OrderId,
    project_id: ProjectId,
    asked: str,
    planned: Sequence[Generation],
    now: datetime,
) -> None:
    """``asked`` is what tells one order's content from another's."""
    transaction.connection.execute(
        orders.insert().values(
            id=order_id,
            project_id=project_id,
            asked=asked,
            generations=[generation.id for generation in planned],
            created_at=now,
        )
    )


def find_same(
    connection: Connection, order_id: OrderId | None, asked: str
) -> list[Generation] | None:
    """What came of this order when it arrived before; None when it has not.

    Raises:
        OrderTakenError: another order arrived with its id.
    """
    row = None if order_id is None else _row(connection, order_id)
    if row is None:
        return None
    if row.asked != asked:
        raise OrderTakenError(f"Something else was ordered as {order_id!r}.", id=order_id)
    return _its_own(connection, row)


def get(connection: Connection, order_id: OrderId) -> list[Generation]:
    """Raises OrderNotFoundError when no order of this id has arrived."""
    row = _row(connection, order_id)
    if row is None:
        raise OrderNotFoundError(f"No order has the id {order_id!r}.", id=order_id)
    return _its_own(connection, row)


def _row(connection: Connection, order_id: OrderId) -> Row[Any] | None:
    return connection.execute(select(orders).where(orders.c.id == order_id)).one_or_none()


def _its_own(connection: Connection, row: Row[Any]) -> list[Generation]:
    found = {one.id: one for one in generations.get_many(connection, row.generations)}
    return [found[one] for one in row.generations]
