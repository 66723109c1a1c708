"""Land one org's changes in a folder, without an orchestrator."""

from __future__ import annotations

import argparse
import sys

from connectors.command_line import (
    add_identity_option,
    clock_of,
    landing_of,
    parser_for,
    pseudonymiser_of,
    run,
    secret,
)
from connectors.salesforce.client import SalesforceClient
from connectors.salesforce.refresh import ConnectionSummary, refresh_connection
from connectors.specs import LocaleSpec, SalesforceConnection

EXAMPLE = (
    "SALESFORCE_CONSUMER_KEY=… SALESFORCE_CONSUMER_SECRET=… TRECHTER_IDENTITY_KEY=… \\\n"
    "    python -m connectors.salesforce --into landing --domain acme.my --locale-field Locale__c \\\n"
    "    --business-line-field Business_Line__c --visitor-field GA_Client_Id__c --locale nl=NL --locale be-nl=BE-NL"
)


def main(arguments: list[str] | None = None) -> int:
    """Run it; returns the exit status."""
    parser = parser_for(
        "salesforce",
        "Pull what has changed in one Salesforce org and land it as Parquet, by locale. The first time that is\n"
        "everything; run again, it carries on where it stopped. Records of no given locale land\n"
        "under unassigned-<name>.",
        EXAMPLE,
    )
    parser.add_argument("--name", default="crm", help="our name for the org (default: %(default)s)")
    parser.add_argument("--domain", required=True, help="My Domain without .salesforce.com, e.g. acme.my")
    parser.add_argument("--api-version", default="64.0", help="default: %(default)s")
    parser.add_argument("--locale-field", required=True, help="custom field that says which market a record belongs to")
    parser.add_argument("--business-line-field", required=True, help="custom field with the business line")
    parser.add_argument("--visitor-field", required=True, help="custom field of the lead with the web client id")
    parser.add_argument("--currency", help="the org's currency, if it has only one")
    parser.add_argument(
        "--locale",
        action="append",
        default=[],
        type=_claim,
        metavar="CODE=VALUE",
        help="a market and the value of the locale field it claims; repeat for more",
    )
    for option, variable in (("key", "SALESFORCE_CONSUMER_KEY"), ("secret", "SALESFORCE_CONSUMER_SECRET")):
        parser.add_argument(
            f"--{option}-env",
            default=variable,
            metavar="VARIABLE",
            help=f"environment variable holding the connected app's consumer {option} (default: %(default)s)",
        )
    parser.add_argument("--endpoint", help="http://host:port of a server on this machine instead of Salesforce's")
    add_identity_option(parser)
    options = parser.parse_args(arguments)
    return run(lambda: _refresh(options))


def _claim(text: str) -> tuple[str, str]:
    code, separator, value = text.partition("=")
    if not (code and separator and value):
        raise argparse.ArgumentTypeError("expected CODE=VALUE, e.g. nl=NL")
    return code, value


def _refresh(options: argparse.Namespace) -> ConnectionSummary:
    clock = clock_of(options)
    connection = SalesforceConnection(
        name=options.name,
        domain=options.domain,
        api_version=options.api_version,
        consumer_key=secret(options.key_env),
        consumer_secret=secret(options.secret_env),
        locale_field=options.locale_field,
        business_line_field=options.business_line_field,
        visitor_field=options.visitor_field,
        currency=options.currency,
        endpoint=options.endpoint,
    )
    claims: dict[str, tuple[str, ...]] = {}
    for code, value in options.locale:
        claims[code] = (*claims.get(code, ()), value)
    # Time zone, currency and property are the web side's; nothing of the CRM depends on them.
    locales = [LocaleSpec(code, "UTC", "", "", connection.name, values) for code, values in claims.items()]
    return refresh_connection(
        SalesforceClient(connection, clock),
        landing_of(options),
        connection,
        locales,
        clock=clock,
        pseudonymiser=pseudonymiser_of(options),
    )


if __name__ == "__main__":
    sys.exit(main())
