"""Scores over two settings at once."""

from nncore.analysis.reading import Reading
from nncore.config.settings import SETTINGS
from nncore.figures.trained.grid import heatmap
from nncore.questions.grids import axes
from ui.controls.widgets import choice
from ui.results.charts import show


def grid(key: str, reading: Reading) -> None:
    """The heatmap of a comparison whose arms form a grid; nothing for others."""
    grid_axes = axes(reading.snapshot.arms)
    if not grid_axes:
        return
    y, x, *others = grid_axes
    fixed = {}
    for axis in others:
        setting = SETTINGS[axis.key]
        texts = {setting.write(value): value for value in axis.values}
        titles = {text: setting.title(text) for text in texts}
        name = f"{setting.short} held at"
        fixed[axis.key] = texts[choice(name, titles, f"{key}.fixed.{axis.key}")]
    show(heatmap(reading, x, y, fixed), f"{key}.grid")
