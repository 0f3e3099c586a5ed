"""`fraud doctor`: what is wrong with a workspace and the installation, and what to do about it."""

from fraud.doctor.examine import CHECKS, examine
from fraud.doctor.remark import Remark, State
from fraud.doctor.repair import REPAIRS, repair

__all__ = ["CHECKS", "REPAIRS", "Remark", "State", "examine", "repair"]
