"""At what price: ceilings, and discounts that had to be given."""
