"""A page that draws every text of `tests.strangers` in all that our pages are made of."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from nncore.figures.parts.text import literal, literals
from tests.strangers import LABELS, TEXTS
from ui.guards.plain import cell, plain


def place(kind: str, number: int) -> st.delta_generator.DeltaGenerator:
    """Where a text is drawn, so that it is found again."""
    return st.container(key=f"text-{number}-{kind}")


for i, text in enumerate(TEXTS):
    words = plain(text)
    place("markdown", i).markdown(words)
    place("inside", i).markdown(f"so **{words}** is")
    place("button", i).button(words, key=f"button{i}")  # a label, as most others are
    if text not in LABELS:
        continue  # all that follows reads the same Markdown
    place("caption", i).caption(words)
    place("message", i).error(words)
    place("heading", i).subheader(words, anchor=False)
    place("fold", i).expander(words)
    place("popover", i).popover(words, key=f"popover{i}")
    place("toggle", i).toggle(words, key=f"toggle{i}")
    place("progress", i).progress(0.5, words)
    place("metric", i).metric(words, words)
    place("tab", i).tabs([words])
    place("table", i).table({"-": [words]})
    hidden = {"label_visibility": "collapsed", "format_func": plain}
    place("segments", i).segmented_control("-", [text], key=f"segments{i}", **hidden)
    place("radio", i).radio("-", [text], captions=[words], key=f"radio{i}", **hidden)
    place("menu", i).selectbox(words, [text], key=f"menu{i}")
    place("menus", i).multiselect("-", [text], default=[text], key=f"menus{i}")

figure = go.Figure()
for text in TEXTS:
    figure.add_bar(x=[1], y=literals([text]), name=literal(text), orientation="h")
    figure.add_annotation(text=literal(text), x=1, y=literal(text), showarrow=False)
figure.update_yaxes(type="category", title_text=literal(TEXTS[0]), dtick=1)
figure.update_layout(height=40 * len(TEXTS), legend_title_text=literal(TEXTS[1]))
st.plotly_chart(figure, key="chart")
st.dataframe(pd.DataFrame({"Text": list(map(cell, TEXTS))}), key="frame")
st.title("All drawn", anchor=False)
