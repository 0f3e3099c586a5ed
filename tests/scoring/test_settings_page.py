"""docs/settings.md says what the settings are."""

from pathlib import Path

from fraud.cli.settings_page import render_settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == render_settings()
