"""Schemes that can be planted, one file each."""

from fraud.synthetic.schemes.choose import choose_schemes
from fraud.synthetic.schemes.scheme import Scheme
from fraud.synthetic.schemes.stage import NoRoomError, Stage
from fraud.synthetic.schemes.table import SCHEMES

__all__ = ["SCHEMES", "NoRoomError", "Scheme", "Stage", "choose_schemes"]
