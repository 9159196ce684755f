"""OpenTelemetry: FastAPI's own instrumentation, exported over OTLP when an endpoint is set and not loaded otherwise."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig


def configure_tracing(service: str, endpoint: str | None) -> "TelemetryConfig":
    """Set up the exporter (once per process) and return FastAPI's `telemetry` option for the application."""
    if not endpoint:
        return {"tracing": False, "metrics": False}
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"mycelium-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")))
    trace.set_tracer_provider(provider)
    return {"tracing": True, "metrics": False}
