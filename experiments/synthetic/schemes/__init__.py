"""Schemes that can be planted, one file each."""

from experiments.synthetic.schemes.choose import choose_schemes
from experiments.synthetic.schemes.scheme import Scheme
from experiments.synthetic.schemes.stage import NoRoomError, Stage
from experiments.synthetic.schemes.table import SCHEMES

__all__ = ["SCHEMES", "NoRoomError", "Scheme", "Stage", "choose_schemes"]
