"""A row per column of an own table: what it is used as, what is in it, what to think about."""

from collections.abc import Mapping
from datetime import timedelta

import pandas as pd
import streamlit as st

from nncore.datasets.own.csv_table import Table
from nncore.datasets.own.profile import DATE, Profile, shown_role
from nncore.datasets.own.suggest import Suggested
from nncore.datasets.recipe.definition import EPOCH
from ui.guards.plain import cell


def columns(
    uploaded: Table, said: Suggested, seen: Mapping[str, Profile], roles: Mapping[str, str]
) -> None:
    """A row per column: what it is used as, what is in it, and what to think about."""
    rows = []
    for column in uploaded.columns:
        if column.name == said.target:
            continue
        profile, role = seen[column.name], roles[column.name]
        why = said.why[column.name] if role == said.roles[column.name] else "you chose that"
        rows.append(
            {
                "Column": cell(column.name),
                "Use as": shown_role(role),
                "Worth knowing": cell("; ".join(filter(None, [why, *said.warnings[column.name]]))),
                "Tells of the target": 100 * said.relation.get(column.name, 0.0),
                "Missing": column.missing,
                "Different": column.distinct,
                "From, to": cell(f"{_span(profile)} {column.unit}".strip()),
                "Spread": list(profile.histogram),
                "Far out": profile.outliers,
            }
        )
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        height="content" if len(rows) <= 14 else 520,
        key="own.columns",
        column_config={
            "Column": st.column_config.TextColumn(pinned=True),
            "Use as": st.column_config.TextColumn(width=130),
            "Worth knowing": st.column_config.TextColumn(width="medium"),
            "Spread": st.column_config.BarChartColumn(
                "Spread",
                y_min=0,
                help="Numbers from lowest to highest; texts with the commonest first.",
            ),
            "Tells of the target": st.column_config.ProgressColumn(
                format="%.0f %%",
                min_value=0,
                max_value=100,
                help="How far this column alone gets from a guess to no mistake, on rows it "
                "wasn't looked up in.",
            ),
            "Far out": st.column_config.NumberColumn(
                help="Values beyond three interquartile ranges from the quartiles."
            ),
        },
    )


def _span(profile: Profile) -> str:
    if profile.low is None or profile.high is None:
        return ", ".join(profile.common[:3])
    if profile.role == DATE:
        days = (EPOCH + timedelta(days=int(v)) for v in (profile.low, profile.high))
        return " to ".join(day.isoformat() for day in days)
    return f"{profile.low:,.6g} to {profile.high:,.6g}".replace("-", "−")
