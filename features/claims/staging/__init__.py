"""From the texts of a source to typed rows with reasons; the store is not asked yet."""
