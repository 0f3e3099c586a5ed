"""Words that every floor shares: months, money, entities, bilingual text, schemes."""
