"""The columns of a table that was read: what each is used as, what is in it, what is odd."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from nncore.datasets.own.csv_table import Table
from nncore.datasets.own.profile import DATE, Profile, shown_role
from nncore.datasets.own.suggest import Suggested
from nncore.datasets.recipe.definition import EPOCH
from ui.guards.plain import cell

_TOLD = "Worth knowing"
_PIXELS, _WIDEST = 7, 400  # of a letter; of a column of texts


def columns_table(
    uploaded: Table, said: Suggested, seen: Mapping[str, Profile], roles: Mapping[str, str]
) -> None:
    """A row per column: what it is used as, what is in it, and what to think about."""
    rows: list[dict[str, Any]] = []
    for column in uploaded.columns:
        if column.name == said.target:
            continue
        profile, role = seen[column.name], roles[column.name]
        why = said.why[column.name] if role == said.roles[column.name] else "you chose that"
        rows.append(
            {
                "Column": cell(column.name),
                "Use as": shown_role(role),
                _TOLD: cell("; ".join(filter(None, [why, *said.warnings[column.name]]))),
                "Tells of the target": 100 * said.relation.get(column.name, 0.0),
                "Missing": column.missing,
                "Different": column.distinct,
                "From, to": cell(f"{_span(profile)} {column.unit}".strip()),
                "Spread": list(profile.histogram),
                "Far out": profile.outliers,
            }
        )
    longest = max((len(row[_TOLD]) for row in rows), default=0)
    frame = pd.DataFrame(rows)
    st.dataframe(
        frame if longest else frame.drop(columns=_TOLD),
        hide_index=True,
        width="stretch",
        height="content" if len(rows) <= 14 else 520,
        key="own.columns",
        column_config={
            "Column": st.column_config.TextColumn(pinned=True),
            "Use as": st.column_config.TextColumn(width=130),
            _TOLD: st.column_config.TextColumn(width=min(_PIXELS * longest + 24, _WIDEST)),
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
    ends = (f"{v:,.{4 if abs(v) < 1_000 else 6}g}" for v in (profile.low, profile.high))
    return " to ".join(ends).replace("-", "−")
