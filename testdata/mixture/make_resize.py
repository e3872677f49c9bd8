#!/usr/bin/env python3
"""Makes resize.json: small pictures resized by Pillow (bilinear with antialiasing), to test our resizing against.

Needs Pillow. The pictures are a formula, so that only the results are kept.
"""

import json
from pathlib import Path

from PIL import Image


def picture(height: int, width: int) -> Image.Image:
    values = bytes(
        (x * x * 3 + y * 29 + c * 71 + (x * y) % 17 * 9) % 256
        for y in range(height)
        for x in range(width)
        for c in range(3)
    )
    return Image.frombytes("RGB", (width, height), values)


CASES = [
    {"from": [16, 20], "to": [5, 7], "box": None},
    {"from": [5, 6], "to": [9, 11], "box": None},
    {"from": [17, 33], "to": [8, 8], "box": None},
    {"from": [40, 12], "to": [8, 12], "box": None},
    {"from": [12, 20], "to": [6, 6], "box": [4, 0, 16, 12]},
]


def main() -> None:
    rows = []
    for case in CASES:
        height, width = case["from"]
        size = (case["to"][1], case["to"][0])
        out = picture(height, width).resize(size, Image.Resampling.BILINEAR, box=case["box"])
        rows.append(case | {"pixels": list(out.tobytes())})
    lines = ",\n".join(json.dumps(row) for row in rows)
    Path(__file__).with_name("resize.json").write_text(f"[\n{lines}\n]\n")


main()
