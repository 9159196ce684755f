"""Routes for operators, load balancers and other services: health, metrics, the keys that sign access tokens."""

import orjson
from fastapi import APIRouter, Request, Response

from shared.errors import Unavailable
from shared.metrics import Metrics


def operations(metrics: Metrics) -> APIRouter:
    """The routes beside `/graphql`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def live() -> Response:
        return Response(b"ok\n", media_type="text/plain")

    @router.get("/readyz")
    async def ready(request: Request) -> Response:
        """Ready while membership answers: without it no caller can be recognised.

        `missing` names the parts that do not answer. Reads work without the others, and each answer says what it lacks.
        Without the broker, credentials are looked up every time.
        """
        gateway = request.app.state.gateway
        missing = await gateway.services.missing()
        if not gateway.broker.is_connected:
            missing.append("rabbitmq")
        is_ready = "membership" not in missing
        body = orjson.dumps({"ready": is_ready, "missing": missing})
        return Response(body, status_code=200 if is_ready else 503, media_type="application/json")

    @router.get("/metrics")
    async def numbers() -> Response:
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @router.get("/.well-known/jwks.json")
    async def signing_keys(request: Request) -> Response:
        """Membership's public keys (RFC 7517), for services that check access tokens. Raises `Unavailable`."""
        services = request.app.state.gateway.services
        keys = await services.membership.signing_keys(services.nobody())
        if keys is None:
            raise Unavailable
        return Response(orjson.dumps(keys), headers={"cache-control": "max-age=300"}, media_type="application/json")

    return router
