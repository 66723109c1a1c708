"""Land one org's changes in a folder, without an orchestrator."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from connectors.command_line import (
    add_identity_option,
    clock_of,
    landing_of,
    parser_for,
    pseudonymiser_of,
    run,
    secret,
    secret_if_set,
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
    for option, variable, what in (
        ("key", "SALESFORCE_CONSUMER_KEY", "the connected app's consumer key"),
        ("secret", "SALESFORCE_CONSUMER_SECRET", "the connected app's consumer secret"),
        ("private-key", "SALESFORCE_PRIVATE_KEY", "the private key (PEM) to sign in with as --username"),
        ("password", "SALESFORCE_PASSWORD", "the password of --username"),
        ("token", "SALESFORCE_SECURITY_TOKEN", "the security token of --username"),
    ):
        parser.add_argument(
            f"--{option}-env",
            default=variable,
            metavar="VARIABLE",
            help=f"environment variable holding {what} (default: %(default)s)",
        )
    parser.add_argument("--username", help="integration user, for a login by private key or by password")
    parser.add_argument(
        "--daily-calls-share",
        type=float,
        default=0.8,
        metavar="SHARE",
        help="stop when this share of the org's API calls of 24 hours is used (default: %(default)s)",
    )
    parser.add_argument(
        "--sweep-days",
        type=int,
        default=7,
        metavar="DAYS",
        help="how often to compare every Id, to find what is gone for good (default: %(default)s)",
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


def _login(options: argparse.Namespace) -> dict[str, Any]:
    """The secrets of the login chosen: by private key, by password, else by client credentials."""
    found = {"username": options.username or ""}
    if options.username and secret_if_set(options.private_key_env):
        names = {"consumer_key": options.key_env, "private_key": options.private_key_env}
    elif options.username:
        names = {"password": options.password_env}
        found["security_token"] = secret_if_set(options.token_env)
        if secret_if_set(options.key_env):
            names |= {"consumer_key": options.key_env, "consumer_secret": options.secret_env}
    else:
        names = {"consumer_key": options.key_env, "consumer_secret": options.secret_env}
    given = {name: secret(variable) for name, variable in names.items()}
    return {"consumer_key": "", "consumer_secret": "", **found, **given}


def _refresh(options: argparse.Namespace) -> ConnectionSummary:
    clock = clock_of(options)
    connection = SalesforceConnection(
        name=options.name,
        domain=options.domain,
        api_version=options.api_version,
        **_login(options),
        daily_calls_share=options.daily_calls_share,
        sweep_days=options.sweep_days,
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
