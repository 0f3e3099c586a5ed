"""Cases: what an investigator works on, exported as review packs and returned as labels."""

from fraud.cases.pack.recorded import record_of
from fraud.cases.pack.verify import verify_pack
from fraud.cases.pack.write import export_cases

__all__ = ["export_cases", "record_of", "verify_pack"]
