"""An invented city: claims in contract form, planted schemes, innocent look-alikes, and the truth about both."""

from fraud.synthetic.city import City, make_city
from fraud.synthetic.invention import Asked, Invention, invent
from fraud.synthetic.labels import invent_labels
from fraud.synthetic.scale import SCALES, Scale
from fraud.synthetic.write import write_city, write_labels

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
