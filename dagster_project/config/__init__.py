"""Head office's and the countries' configuration: read once, checked as a whole, frozen."""

from dagster_project.config.accounts import SalesforceConnection
from dagster_project.config.load import load_config
from dagster_project.config.locales import LocaleConfig
from dagster_project.config.models import Config
from dagster_project.config.problems import ConfigurationProblems, Problem

__all__ = ["Config", "ConfigurationProblems", "LocaleConfig", "Problem", "SalesforceConnection", "load_config"]
