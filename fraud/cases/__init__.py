"""Cases: what an investigator works on, exported as review packs and returned as labels."""
