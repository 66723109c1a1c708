"""The catalogue of KPIs where people read: a page of the documentation, and descriptions of the models' columns.

`python -m dagster_project.lib.kpi_catalogue` writes both anew after a change of `config/kpis.yml`;
a test compares them.
"""

from collections.abc import Sequence
from pathlib import Path

from dagster_project.config import load_config
from dagster_project.config.kpis import CONNECTED, PER_MODEL, Kpi

PAGE = Path("docs/kpis.md")
COLUMNS = Path("dbt_project/models/_columns_catalogue.md")

_OF_LEVELS = {"locales": "countries", "business_lines": "business lines", "days": "days"}


def page(kpis: Sequence[Kpi]) -> str:
    """The catalogue as a page: a row a KPI."""
    lines = [
        "# The KPIs",
        "",
        "Made from `config/kpis.yml`; what the measures mean is in [semantics](semantics.md#kpis).",
        "",
        "| KPI | is called | is | in | better | adds up over | whose it is | from |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(_row, _told_once(kpis)), ""])


def columns(kpis: Sequence[Kpi]) -> str:
    """dbt's descriptions of the column `kpi`, and of the columns of scorecards that are named after a KPI."""
    listed = "\n".join(f"- `{kpi.kpi}`: {kpi.name}. {kpi.description}" for kpi in _told_once(kpis))
    blocks = [("kpi", f"Code of the KPI in head office's catalogue:\n\n{listed}")]
    blocks += [(f"kpi_{kpi.kpi}", f"{kpi.name}: {kpi.description}") for kpi in kpis if PER_MODEL not in kpi.kpi]
    told = [f"{{% docs {name} %}}\n{text}\n{{% enddocs %}}" for name, text in blocks]
    return "\n\n".join(["# The catalogue of KPIs, made from config/kpis.yml", *told]) + "\n"


def _told_once(kpis: Sequence[Kpi]) -> list[Kpi]:
    """The KPIs, of those that differ by attribution model the first alone, with `<model>` in its place."""
    told: dict[tuple[str, ...], Kpi] = {}
    for kpi in kpis:
        model = kpi.attribution_model
        if model is None:
            told[kpi.kpi,] = kpi
            continue
        spoken, written = model.replace("_", " "), "<model>"
        told.setdefault(
            ("by model", kpi.denominator or ""),
            kpi.model_copy(
                update={
                    "kpi": kpi.kpi.replace(model, written),
                    "numerator": kpi.numerator.replace(model, written),
                    "names": {"en": kpi.name.replace(spoken, "by model")},
                    "description": kpi.description.replace(f" ({spoken})", ""),
                }
            ),
        )
    return list(told.values())


def _row(kpi: Kpi) -> str:
    parts = f"`{kpi.numerator}`" + (f" / `{kpi.denominator}`" if kpi.denominator else "")
    levels = ", ".join(_OF_LEVELS[level] for level in kpi.additive) or "nothing"
    sources = ", ".join(source if source in CONNECTED else f"{source} (not connected)" for source in kpi.source)
    better = {"up": "higher", "down": "lower"}[kpi.direction]
    cells = (f"`{kpi.kpi}`", kpi.name, f"{parts}: {kpi.description}", kpi.unit, better, levels, kpi.owner_role, sources)
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write both files of the checkout this is run in."""
    kpis = load_config(Path("config")).kpis
    PAGE.write_text(page(kpis))
    COLUMNS.write_text(columns(kpis))


if __name__ == "__main__":
    main()
