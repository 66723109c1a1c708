"""Where a KPI cannot be had, as far as the configuration alone can tell."""

from dagster_project.config.accounts import Connection
from dagster_project.config.kpis import CONNECTED, Kpi
from dagster_project.config.locales import LocaleConfig
from dagster_project.config.models import Config


def why_not_available(config: Config, kpi: Kpi, locale: LocaleConfig) -> str | None:
    """The reason why a locale has no such KPI, or None: `not_connected: <sources>` of those that no connection of the
    locale brings, else `model_not_offered`.

    What was connected and has brought nothing yet is known to the models alone (`int_kpis_available`).
    """
    kinds = {_kind(config.connections.get(name)) for name in (locale.web.connection, locale.crm.connection)}
    missing = [source for source in kpi.source if CONNECTED.get(source) not in kinds]
    if missing:
        return "not_connected: " + ", ".join(missing)
    model = kpi.attribution_model
    if model is not None and model not in config.attribution_models(locale):
        return "model_not_offered"
    return None


def _kind(connection: Connection | None) -> str | None:
    return connection.kind if connection else None
