"""Reads `config/` once, as a whole: all mistakes of all files are reported together, and then nothing runs."""

from pathlib import Path
from typing import Any

from pydantic import RootModel

from dagster_project.config.accounts import Connection
from dagster_project.config.benchmarks import BenchmarkFigure
from dagster_project.config.campaign_codes import CampaignCodes, check_codes
from dagster_project.config.comparison_checks import check_benchmarks, check_experiments
from dagster_project.config.cross_checks import check_kpis, check_locales, check_notifications, check_stages
from dagster_project.config.experiments import Experiments
from dagster_project.config.kpis import Kpis
from dagster_project.config.locales import LocaleConfig
from dagster_project.config.models import (
    BusinessLines,
    Config,
    Project,
    Stages,
)
from dagster_project.config.money import BudgetRate, FixedRate
from dagster_project.config.money_checks import check_budget_rates, check_fixed_rates, check_fx
from dagster_project.config.notifications import Notifications
from dagster_project.config.problems import ConfigurationProblems, Problem, ProblemList
from dagster_project.config.read import read_yaml
from dagster_project.config.tables import Table, checked_rows, read_csv_table, read_workbook
from dagster_project.config.target_checks import check_targets
from dagster_project.config.targets import Target
from dagster_project.config.yaml_source import Location, YamlSource


class _Connections(RootModel[dict[str, Connection]]):
    """`connections.yml`: a map from a connection's name to the account it is."""


def load_config(folder: Path) -> Config:
    """The checked configuration of the project whose `config/` folder is `folder`.

    Raises ConfigurationProblems naming every mistake with file, line, field, what was found and what is allowed.
    """
    return _Reading(folder).result()


class _Reading:
    """One reading of the folder; keeps the problems and the sources until the cross-checks are done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self.sources: dict[str, YamlSource] = {}
        self.tables: dict[str, Table] = {}

    def result(self) -> Config:
        project = self._yaml(Project, "project.yml")
        connections = self._yaml(_Connections, "connections.yml")
        stages = self._yaml(Stages, "stages.yml")
        lines = self._yaml(BusinessLines, "business_lines.yml")
        kpis = self._yaml(Kpis, "kpis.yml")
        codes = self._yaml(CampaignCodes, "campaign_codes.yml")
        experiments = self._yaml(Experiments, "experiments.yml") if (self.folder / "experiments.yml").exists() else None
        locales = self._locales()
        rates = self._csv(BudgetRate, "fx/budget_rates.csv")
        fixed = self._csv(FixedRate, "fx/fixed_rates.csv")
        targets = self._tables(Target, "targets")
        has_notifications = (self.folder / "notifications.yml").is_file()
        notifications = self._yaml(Notifications, "notifications.yml") if has_notifications else Notifications()
        benchmarks = self._tables(BenchmarkFigure, "benchmarks")
        if project and connections and stages and lines and kpis and codes:
            config = Config.model_construct(
                project=project,
                connections=connections.root,
                stages=stages,
                business_lines=lines.business_lines,
                kpis=kpis.catalogue,
                campaign_codes=codes,
                locales={locale.locale: locale for locale in locales.values()},
                budget_rates=tuple(rate for _, _, rate in rates),
                fixed_rates=tuple(rate for _, _, rate in fixed),
                targets=tuple(targets),
                notifications=notifications or Notifications(),
                benchmarks=tuple(benchmarks),
                experiments=experiments.experiments if experiments else (),
            )
            check_stages(config, self.note)
            check_kpis(kpis.kpis, self.note)
            check_codes(codes, config.business_lines, config.locales, self.note)
            check_locales(config, locales, self.note)
            check_fx(config, self.note)
            check_fixed_rates(fixed, self.note)
            check_budget_rates(config, rates, self.note)
            if not any(problem.file.startswith("locales") for problem in self.problems):
                # Beside a country that could not be read, all that is said of it would look like a mistake, too.
                check_targets(config, self.note)
                check_benchmarks(config, self.note)
                check_experiments(config, self.note)
            check_notifications(config, self.note)
            if not self.problems:
                return config
        raise ConfigurationProblems(self.problems)

    def note(self, file: str, location: Location | int, found: object, allowed: str) -> None:
        """Note a mistake found across files; `location` is a path into the YAML, or of a table a line, or a line and a
        column."""
        source = self.sources.get(file)
        if isinstance(location, int):
            line, field = location, "row"
        elif location and isinstance(location[0], int):
            table = self.tables.get(file)
            line, field = location[0], table.name(location[0], str(location[1])) if table else str(location[1])
        else:
            line, field = (source.line(location) if source else 1), ".".join(map(str, location))
        noted = ProblemList(self.folder, self.folder / file)
        noted.add(line, field, found, allowed)
        self.problems += noted.problems

    def _yaml(self, model: Any, name: str) -> Any:
        noted = ProblemList(self.folder, self.folder / name)
        value, source = read_yaml(model, self.folder / name, noted)
        self.problems += noted.problems
        if source:
            self.sources[name] = source
        return value

    def _csv(self, model: Any, name: str) -> list[tuple[str, int, Any]]:
        """(file, line, row) of a CSV file that has to be there."""
        noted = ProblemList(self.folder, self.folder / name)
        table = read_csv_table(self.folder / name, noted)
        self.problems += noted.problems
        return [] if noted.problems else self._checked(model, table)

    def _tables(self, model: Any, folder: str) -> list[tuple[str, int, Any]]:
        """(file, line, row) of every CSV file and workbook of a folder; what is neither is a mistake, not left out."""
        rows = []
        for path in sorted(self.folder.glob(f"{folder}/*")):
            noted = ProblemList(self.folder, path)
            tables = []
            if path.name.startswith((".", "~$")):  # what the system or an open Excel keeps there
                continue
            if path.suffix == ".csv":
                tables = [read_csv_table(path, noted)]
            elif path.suffix == ".xlsx":
                tables = read_workbook(path, noted)
            else:
                noted.add(1, "file", path.name, "a CSV file (.csv) or an Excel workbook (.xlsx)")
            self.problems += noted.problems
            if not noted.problems:
                rows += [row for table in tables for row in self._checked(model, table)]
        return rows

    def _checked(self, model: Any, table: Table) -> list[tuple[str, int, Any]]:
        noted = ProblemList(self.folder, table.file)
        rows = [(noted.file, line, row) for line, row in checked_rows(model, table, noted)]
        self.tables[noted.file] = table
        self.problems += noted.problems
        return rows

    def _locales(self) -> dict[str, LocaleConfig]:
        """Locale files by name; a file that is wrong is left out, its mistakes noted."""
        names = sorted(path.relative_to(self.folder).as_posix() for path in self.folder.glob("locales/*.y*ml"))
        if not names:
            self.note("locales", (), "no locale files", "one YAML file for each country, such as locales/nl.yml")
        read = {name: self._yaml(LocaleConfig, name) for name in names}
        return {name: locale for name, locale in read.items() if locale is not None}
