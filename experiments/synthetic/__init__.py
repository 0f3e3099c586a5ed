"""An invented city: claims in contract form, planted schemes, innocent look-alikes, and the truth about both."""

from experiments.synthetic.city import City, make_city
from experiments.synthetic.invention import Asked, Invention, invent
from experiments.synthetic.labels import invent_labels
from experiments.synthetic.scale import SCALES, Scale
from experiments.synthetic.write import write_city, write_labels

__all__ = [
    "SCALES",
    "Asked",
    "City",
    "Invention",
    "Scale",
    "invent",
    "invent_labels",
    "make_city",
    "write_city",
    "write_labels",
]
