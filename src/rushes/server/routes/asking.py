"""From an order as it came in to what the pipeline is asked."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from rushes.domain.errors import InvalidInputError
from rushes.domain.ids import AssetId, OrderId
from rushes.pipeline.plan import Ask
from rushes.server.schemas.generations import GenerationOrder, QuoteOrder


def ask_of(order: GenerationOrder | QuoteOrder) -> Ask:
    """Raises InvalidInputError when the cost limit is not an amount."""
    limit = order.max_cost if isinstance(order, GenerationOrder) else None
    return Ask(
        prompt=order.prompt,
        models=tuple(order.models),
        settings=order.settings,
        model_settings=order.model_settings,
        takes=order.takes,
        image=None if order.image is None else AssetId(order.image),
        end_image=None if order.end_image is None else AssetId(order.end_image),
        max_cost=None if limit is None else _amount(limit),
        ignores_room=isinstance(order, GenerationOrder) and order.ignore_room,
        order_id=_order_id(order),
    )


def _order_id(order: GenerationOrder | QuoteOrder) -> OrderId | None:
    given = order.order_id if isinstance(order, GenerationOrder) else None
    return None if given is None else OrderId(given)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise InvalidInputError(
            f"{text!r} is not an amount of dollars.", field="max_cost", value=text
        )
    return amount
