"""An invented city: claims in contract form, planted schemes, innocent look-alikes, and the truth about both."""

from experiments.synthetic.city import City, make_city
from experiments.synthetic.generate import CityByMonth, CityRequest, generate_city
from experiments.synthetic.labels import make_labels
from experiments.synthetic.scale import SCALES, Scale
from experiments.synthetic.write import write_city, write_labels

__all__ = [
    "SCALES",
    "City",
    "CityByMonth",
    "CityRequest",
    "Scale",
    "generate_city",
    "make_city",
    "make_labels",
    "write_city",
    "write_labels",
]
