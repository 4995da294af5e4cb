"""The published experiments of the course material this project grew from, by number.

To add one: describe it in the module of its source and list it here. The command line, the page
and docs/case-studies.md then know it.
"""

from nncore.cases.definition import Case
from nncore.cases.digit_settings import FINAL, FIVE_OUTPUTS, REPORT, SETTINGS, WIDTH
from nncore.cases.flower import FLOWER
from nncore.cases.keras_course import FASHION, HOUSING, PERCEPTRON
from nncore.cases.rules import RULES
from nncore.cases.thesis import CIRCLES, NEURON, NORMALIZED, REVIEWS
from nncore.cases.two_engines import COSTS, ENGINES
from nncore.declare.registry import Registry

CASES: Registry[Case] = Registry(
    "case",
    *(NEURON, PERCEPTRON, FLOWER, CIRCLES, ENGINES, NORMALIZED, WIDTH, SETTINGS),
    *(FINAL, FIVE_OUTPUTS, FASHION, HOUSING, REVIEWS, COSTS, REPORT),
    *RULES,
)
