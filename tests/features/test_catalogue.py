"""What the catalogue refuses."""

from __future__ import annotations

import pytest

from features.catalogue import families, refuse_doubles


def test_a_name_given_twice_is_refused() -> None:
    family = families("patient")[0]
    with pytest.raises(ValueError, match=r"named twice \['claim_lines_count', "):
        refuse_doubles("patient", (family, family))


def test_a_family_of_another_entity_is_refused() -> None:
    with pytest.raises(ValueError, match="family of another entity"):
        refuse_doubles("patient", families("provider")[:1])
