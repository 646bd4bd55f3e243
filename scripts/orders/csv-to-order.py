#!/usr/bin/env python3
"""Converts a CSV file of cards into an order: one line of JSON for each card (ops/orders.md).

This is an example to copy: your file has other columns. It reads one card for each row, with the
columns tokenId, product, idNat, givenName, surname, profession, title, reference and verifiedAt.
All other columns are profiles: they have the paths of certification requests (PEM), relative to the
CSV file. An empty cell means that the card gets no certificate of this profile.

    python3 csv-to-order.py cards.csv > order.ndjson
"""

import csv
import json
import pathlib
import sys

COLUMNS = "tokenId product idNat givenName surname profession title reference verifiedAt".split()


def card_request(row, folder):
    requests = [
        {"profile": profile, "keyOrigin": "card", "csr": (folder / path).read_text("ascii")}
        for profile, path in row.items()
        if profile not in COLUMNS and path
    ]
    return {
        "holder": {
            "kind": "professional",
            "idNat": row["idNat"],
            "givenName": row["givenName"],
            "surname": row["surname"],
            "profession": row["profession"],
            "title": row["title"],
        },
        "card": {"tokenId": row["tokenId"], "product": row["product"]},
        "identity": {
            "assurance": "high",
            "source": "PSI",
            "reference": row["reference"],
            "verifiedAt": row["verifiedAt"],
        },
        "requests": requests,
    }


def main(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
        if missing:
            sys.exit(f"{path}: it has no column {', '.join(missing)}")
        for row in rows:
            line = card_request(row, pathlib.Path(path).parent)
            sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.reconfigure(encoding="utf-8")
    main(sys.argv[1])
