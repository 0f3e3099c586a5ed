"""A piece that is never paid, one that is, and a code that stands for another piece."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, named_otherwise, one_line


def piece(use="neither"):
    return one_line(line={"item_type": "herbal"}, item={"herbal_use": use})


EXAMPLES = {
    "hit": Example(piece(), frozenset({PROVIDER})),
    "near_miss": Example(piece("not_single")),
    "innocent_twin": Example(named_otherwise(piece())),
}
