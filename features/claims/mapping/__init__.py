"""What a mapping file may say, and the texts of a source made into the texts of contract columns as it says."""

from features.claims.mapping.mapping import Block, Mapping, Source, Unlist, ValueMap

__all__ = ["Block", "Mapping", "Source", "Unlist", "ValueMap"]
