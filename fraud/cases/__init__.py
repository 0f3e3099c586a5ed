"""Cases: what an investigator works on, exported as review packs and returned as labels."""

from fraud.cases.pack.write import export_cases, verify_pack

__all__ = ["export_cases", "verify_pack"]
