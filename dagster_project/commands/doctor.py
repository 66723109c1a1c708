"""`trechter doctor`: is everything there that a refresh needs?"""

from dataclasses import asdict

import typer

from dagster_project.commands.output import Json, out, print_json, print_table
from dagster_project.config import load_config
from dagster_project.settings import Settings


def doctor(as_json: Json = False) -> None:
    """Check the configuration, the secrets in the environment, and that each account answers for each country.

    Example: trechter doctor
    """
    from dagster_project.lib.diagnosis import examine_accounts, examine_builds, examine_money, examine_secrets
    from dagster_project.lib.session import open_session

    settings = Settings.from_environment()
    config = load_config(settings.config)
    with open_session(settings, config) as session:
        findings = list(examine_secrets(session.settings, config))
        if all(finding.is_well for finding in findings):
            findings += examine_accounts(session)
    findings += [examine_builds(settings), *examine_money(settings)]
    wrong = [finding for finding in findings if not finding.is_well]
    if as_json:
        print_json({"well": not wrong, "findings": [asdict(finding) for finding in findings]})
    else:
        print_table(
            f"{config.project.name}, {config.project.mode} mode: {len(config.locales)} locales, no mistakes",
            ["", "what", "says"],
            [("✓" if finding.is_well else "✗", finding.subject, finding.says) for finding in findings],
        )
        mend = f"[red]{len(wrong)} to mend.[/] Accounts are asked once no secret is missing."
        out.print(mend if wrong else "All is well.")
    if wrong:
        raise typer.Exit(1)
