"""Mistakes that only show when files are read side by side."""

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from dagster_project.config.accounts import GoogleAnalyticsConnection, SalesforceConnection
from dagster_project.config.kpis import Kpi
from dagster_project.config.locales import LocaleConfig
from dagster_project.config.models import Config
from dagster_project.config.values import suggestion

Note = Callable[[str, tuple[str | int, ...] | int, object, str], None]
"""(file, place, what was found, what is allowed); a place is a path into the YAML, or of a CSV file a line, or a line
and a column."""

TOTAL = "total"
ALL = "all"


def check_stages(config: Config, note: Note) -> None:
    """The six stages in their order; CRM maps and business lines only for connections that exist."""
    order = ("session", "first_identifier", "second_identifier", "mql", "sql", "sale")
    found = tuple(entry.stage for entry in config.stages.stages)
    if found != order:
        note("stages.yml", ("stages",), ", ".join(found), "all six, in this order: " + ", ".join(order))
    crms = _names(config, SalesforceConnection)
    for field in ("opportunity_stages", "deal_kinds", "revenue_types"):
        for name in getattr(config.stages, field):
            if name not in crms:
                note("stages.yml", (field, name), name, one_of(name, crms))
    claimed: dict[tuple[str, str], str] = {}
    coded: dict[str | None, str] = {None: ""}
    for position, line in enumerate(config.business_lines):
        first = coded.setdefault(line.campaign_code, line.business_line)
        if line.campaign_code and first != line.business_line:
            place = ("business_lines", position, "campaign_code")
            note("business_lines.yml", place, line.campaign_code, f"a code of its own; {first} has this one")
        for connection, values in line.crm_values.items():
            location = ("business_lines", position, "crm_values", connection)
            if connection not in crms:
                note("business_lines.yml", location, connection, one_of(connection, crms))
            for value in values:
                other = claimed.setdefault((connection, value), line.business_line)
                if other != line.business_line:
                    note("business_lines.yml", location, value, f"a value of one business line; {other} has it already")


def check_kpis(kpis: Sequence[Kpi], note: Note) -> None:
    """Every KPI once."""
    seen: set[str] = set()
    for position, kpi in enumerate(kpis):
        if kpi.kpi in seen:
            note("kpis.yml", ("kpis", position, "kpi"), kpi.kpi, "each KPI once")
        seen.add(kpi.kpi)


def check_locales(config: Config, locales: dict[str, LocaleConfig], note: Note) -> None:
    """Each locale's file name, connections, stage words; properties and CRM values claimed once."""
    properties = _rollup_properties(config, note)
    values: dict[tuple[str, str], str] = {}
    dated: dict[tuple[str, str], tuple[str, str]] = {}
    for file, locale in locales.items():
        if PurePosixPath(file).stem != locale.locale:
            note(file, ("locale",), locale.locale, f"{PurePosixPath(file).stem}, as the file is called")
        _check_connection(config, file, "web", locale.web.connection, GoogleAnalyticsConnection, note)
        _check_connection(config, file, "crm", locale.crm.connection, SalesforceConnection, note)
        other = properties.setdefault(locale.web.property, file)
        if other != file:
            note(file, ("web", "property"), locale.web.property, f"a property of its own; {other} has this one")
        for value in locale.crm.values:
            other = values.setdefault((locale.crm.connection, value), file)
            if other != file:
                note(file, ("crm", "values"), value, f"a CRM value of its own; {other} has this one")
        for stage, field in locale.crm.stage_dates.items():
            theirs, other = dated.setdefault((locale.crm.connection, stage), (field, file))
            if theirs != field:
                rule = f"{theirs}, as {other} has it: a connection has one field for a stage"
                note(file, ("crm", "stage_dates", stage), field, rule)
        if not config.opportunity_stages(locale):
            note(
                file,
                ("crm", "opportunity_stages"),
                None,
                f"a map of opportunity stages, here or in stages.yml under {locale.crm.connection}",
            )
        _check_stage_words(config, file, locale, note)
        offered = config.project.attribution_models
        for position, model in enumerate(locale.attribution_models or ()):
            if model not in offered:
                note(
                    file, ("attribution_models", position), model, "one that head office offers: " + ", ".join(offered)
                )


def _rollup_properties(config: Config, note: Note) -> dict[str, str]:
    """The roll-up property and the file that has it; a second one would be a second total."""
    properties: dict[str, str] = {}
    for name in _names(config, GoogleAnalyticsConnection):
        rollup = getattr(config.connections[name], "rollup", None)
        if rollup is None:
            continue
        if properties:
            note("connections.yml", (name, "rollup"), rollup.property, "one roll-up property for the whole company")
        properties[rollup.property] = "connections.yml"
    return properties


def _check_stage_words(config: Config, file: str, locale: LocaleConfig, note: Note) -> None:
    for stage in ("open", "mql", "converted"):
        if stage not in locale.crm.lead_statuses.values():
            note(file, ("crm", "lead_statuses"), f"no status for {stage}", f"at least one status mapped to {stage}")
    for field, words in (
        ("lead_statuses", locale.crm.lead_statuses),
        ("opportunity_stages", config.opportunity_stages(locale)),
    ):
        folded: dict[str, str] = {}
        for word in words:
            other = folded.setdefault(word.strip().casefold(), word)
            if other != word:
                note(file, ("crm", field, word), word, f"each value mapped once; {other!r} is the same value")


def check_notifications(config: Config, note: Note) -> None:
    """Every destination has a name of its own, locales that exist, and a mail server if it is told by mail."""
    names: set[str] = set()
    for position, one in enumerate(config.notifications.destinations):
        place: tuple[str | int, ...] = ("destinations", position)
        if one.name in names:
            note("notifications.yml", (*place, "name"), one.name, "each name once")
        names.add(one.name)
        if one.email is not None and config.notifications.smtp is None:
            note("notifications.yml", (*place, "email"), one.email, "smtp, to send mail by")
        for number, code in enumerate(one.locales or ()):
            if code not in config.locales:
                note("notifications.yml", (*place, "locales", number), code, one_of(code, list(config.locales)))


def _check_connection(config: Config, file: str, part: str, name: str, kind: type, note: Note) -> None:
    names = _names(config, kind)
    if name not in names:
        note(file, (part, "connection"), name, one_of(name, names))


def _names(config: Config, kind: type) -> list[str]:
    return [name for name, connection in config.connections.items() if isinstance(connection, kind)]


def one_of(found: str, allowed: list[str]) -> str:
    """The rule that names all that is allowed, with what is close to what was found."""
    return f"one of {', '.join(allowed)}{suggestion(found, allowed)}"
