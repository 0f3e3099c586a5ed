"""The review list: places instead of ranks, so that a list has room for every scheme, kind and region."""

from fraud.scoring.review_list.leading_schemes import ordered_schemes
from fraud.scoring.review_list.month_lists import ReviewLists, make_lists
from fraud.scoring.review_list.places import REACH, Candidate, Place, fill_places

__all__ = ["REACH", "Candidate", "Place", "ReviewLists", "fill_places", "make_lists", "ordered_schemes"]
