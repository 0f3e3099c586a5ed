"""The payer's rule that fraud/rules/README.md shows."""

import re
from pathlib import Path

README = Path(__file__).parents[2] / "fraud" / "rules" / "README.md"
CODE = "long_working_day"


def rule_text():
    (block,) = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return block


def write_rule(workspace, text=None, name=f"{CODE}.toml"):
    """Put a rule file into a workspace folder."""
    folder = workspace / "rules"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(rule_text() if text is None else text, encoding="utf-8")
