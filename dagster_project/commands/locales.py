"""`trechter locales`: the countries of the configuration."""

from dagster_project.commands.output import Json, print_json, print_table
from dagster_project.config import load_config
from dagster_project.settings import Settings


def locales(as_json: Json = False) -> None:
    """List the configured countries. Adding one is adding a file to config/locales.

    Example: trechter locales
    """
    config = load_config(Settings.from_environment().config)
    if as_json:
        print_json([locale.model_dump(mode="json") for locale in config.locales.values()])
        return
    print_table(
        f"{config.project.name}: {len(config.locales)} locales",
        ["locale", "name", "time zone", "currency", "go-live", "GA4 property", "CRM", "owner"],
        [
            (
                code,
                locale.name,
                locale.time_zone,
                locale.currency,
                locale.go_live,
                locale.web.property,
                f"{locale.crm.connection}: {', '.join(locale.crm.values)}",
                locale.owner,
            )
            for code, locale in config.locales.items()
        ],
    )
