#!/usr/bin/env python3
"""CSV, such as a spreadsheet saves, as the one JSON object that connctl imports.

  examples/from/csv/recipe.py connectors.csv services.csv | connctl import -

The first line of a file names the columns as an import names the fields. A file that has a column
"sources" or "destinations" holds services, any other holds connectors. Columns may stand in any
order, with commas, semicolons or tabs between them. A cell that is empty says nothing; several ids
in one have a space, a comma or a semicolon between them; "settings.region" is the setting region.
"""

import csv
import json
import re
import sys

# Columns of lists that no import takes.
ONLY_LISTED = {"used_by", "protected", "retired_until", "updated_at", "last_used_at"}

# How programs write whether a service is active.
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def value(name, text):
    if name in ("sources", "destinations"):
        return [word for word in re.split(r"[\s,;]+", text) if word]
    if name == "active":
        # The import says what is wrong with any other word.
        return TRUTHS.get(text.lower(), text)
    return text


def records(path):
    """Every record of a file, each with the list to which it belongs."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        between = max(",;\t", key=file.readline().count)
        file.seek(0)
        rows = csv.DictReader(file, delimiter=between, strict=True)
        names = {name.strip() for name in rows.fieldnames or ()}
        kind = "services" if names & {"sources", "destinations"} else "connectors"
        for row in rows:
            if None in row or None in row.values():
                sys.exit(f"{path}: {row} has more or fewer cells than the first line")
            record = {}
            for name, text in row.items():
                place, _, setting = name.strip().partition(".")
                if not text.strip() or place in ONLY_LISTED:
                    continue
                if setting:
                    record.setdefault(place, {})[setting] = text
                else:
                    record[place] = value(place, text.strip())
            if record:
                yield kind, record


made = {"connectors": [], "services": []}
for path in sys.argv[1:]:
    for kind, record in records(path):
        made[kind].append(record)
json.dump(made, sys.stdout, ensure_ascii=False)
