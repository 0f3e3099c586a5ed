"""Features that only pharmacies have, one file a family; further columns of the pharmacy's provider profile."""

from features.pharmacy import baskets, hours, payment, people, prescriptions, prices, tills

FAMILIES = (
    *hours.FAMILIES,
    *baskets.FAMILIES,
    *prices.FAMILIES,
    *people.FAMILIES,
    *payment.FAMILIES,
    *tills.FAMILIES,
    *prescriptions.FAMILIES,
)
