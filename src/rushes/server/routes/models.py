"""The model table, and what an order would cost."""

from __future__ import annotations

from fastapi import APIRouter

from rushes.domain.errors import NotFoundError, RushesError
from rushes.domain.model_spec import FREE
from rushes.domain.problem import Problem
from rushes.pipeline.plan import Checked, Refused
from rushes.providers.provider import Provider
from rushes.server.current import CurrentStudio
from rushes.server.routes.asking import ask_of
from rushes.server.schemas.generations import ModelQuote, Quote, QuoteOrder
from rushes.server.schemas.models import EstimateShape, ModelList, ModelShape, ProviderLook
from rushes.server.schemas.problems import ProblemShape

router = APIRouter(tags=["models"])


@router.get("/api/models")
async def list_models(studio: CurrentStudio) -> ModelList:
    return ModelList(
        items=[
            ModelShape.of(model.spec, unavailable=_why_unavailable(model.provider))
            for model in studio.registry.models
        ],
        default=studio.registry.models[0].spec.id,
    )


@router.post("/api/providers/{provider}/look")
async def look_at_provider(provider: str, studio: CurrentStudio) -> ProviderLook:
    """Read the provider's key anew, and say whether it can be used. The key itself is not told."""
    asked = next((one for one in studio.registry.providers if one.id == provider), None)
    if asked is None:
        raise NotFoundError(f"No provider is called {provider!r}.")
    try:
        await studio.look_for_key()
    except RushesError as error:
        return ProviderLook(problem=ProblemShape.of(error.problem))
    problem = _why_unavailable(asked)
    return ProviderLook(problem=None if problem is None else ProblemShape.of(problem))


@router.post("/api/quotes")
async def quote_order(order: QuoteOrder, studio: CurrentStudio) -> Quote:
    """Check and price an order without doing it."""
    answers = studio.pipeline.quote(ask_of(order))
    checked = [answer for answer in answers if isinstance(answer, Checked)]
    is_whole = bool(answers) and len(checked) == len(answers)
    total = sum((one.estimate for one in checked), FREE)
    return Quote(
        items=[_model_quote(answer) for answer in answers],
        total=EstimateShape.of(total) if is_whole else None,
    )


def _model_quote(answer: Checked | Refused) -> ModelQuote:
    match answer:
        case Checked():
            return ModelQuote(
                model=answer.model.spec.id,
                estimate=EstimateShape.of(answer.estimate),
                settings=dict(answer.settings),
                problem=None,
            )
        case Refused(model, problem):
            return ModelQuote(
                model=model, estimate=None, settings=None, problem=ProblemShape.of(problem)
            )


def _why_unavailable(provider: Provider) -> Problem | None:
    try:
        provider.check_ready()
    except RushesError as error:
        return error.problem
    return None
