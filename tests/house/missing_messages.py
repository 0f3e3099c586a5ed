"""Print in TOML the messages that lack Chinese, ready to be filled in: `python -m tests.house.missing_messages`."""

from __future__ import annotations

import json

from fraud.cli.chinese import catalogue, texts_of
from tests.house.messages import said

MESSAGES = "fraud/cli/messages"


def missing() -> list[str]:
    """Lines of TOML: each missing entry with its numbered values, under the place that says it."""
    lines: list[str] = []
    before = ""
    for template, place in sorted(said().items(), key=lambda each: (each[1], each[0])):
        if template in catalogue():
            continue
        file, _, line = place.partition(":")
        lines += [] if file == before else [f"# {file}"]
        before = file
        values = " ".join(f"{{{number}}}" for number in range(len(texts_of(template)) - 1))
        lines.append(f"{json.dumps(template, ensure_ascii=False)} = {json.dumps(values)}  # line {line}")
    return lines


def unused() -> list[str]:
    """Entries that nothing says any longer."""
    return sorted(set(catalogue()) - set(said()))


if __name__ == "__main__":
    print("\n".join(missing()))  # noqa: T201 - it prints what is to be filled in
    for entry in unused():
        print(f"# nothing says: {json.dumps(entry, ensure_ascii=False)}")  # noqa: T201
