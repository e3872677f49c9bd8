"""The real-robot table of paper.json as counts for `heddle compare --counts`. Run here: python3 make_counts.py

real_robot.csv: every cell of the table against training on the target alone. real_robot_best.csv: each method at the
ratio that came out best for it. real_robot_pooled.csv: sums over tasks and ratios, so that nothing is picked.
"""

import json
from pathlib import Path

HERE = Path(__file__).parent
TASKS = ("nut_assembly", "mug_cleanup", "mug_hang")
METHODS = {"mix": "mix", "ot": "ot", "adda": "adda", "cfg": "cfg", "cfg_adda": "cfg-adda"}
TRIALS = 30


def write(name: str, rows: list[tuple[str, str, int, int]]) -> None:
    lines = ["group,name,successes,n", *(",".join(map(str, row)) for row in rows)]
    (HERE / name).write_text("\n".join(lines) + "\n")


def main() -> None:
    real = json.loads((HERE / "paper.json").read_text())["real_success_of_30"]
    ratios = real["w"]
    cells, best = [], []
    for task in TASKS:
        cells.append((task, "target only", real[task]["real_only"], TRIALS))
        for key, method in METHODS.items():
            counts = real[task][key]
            cells += [(task, f"{method} w={w}", count, TRIALS) for w, count in zip(ratios, counts, strict=True)]
            best.append((task, method, max(counts), TRIALS))
        best.append((task, "target only", real[task]["real_only"], TRIALS))
    pooled = [
        ("all", method, sum(sum(real[task][key]) for task in TASKS), TRIALS * len(TASKS) * len(ratios))
        for key, method in METHODS.items()
    ]
    pooled.append(("all", "target only", sum(real[task]["real_only"] for task in TASKS), TRIALS * len(TASKS)))
    write("real_robot.csv", cells)
    write("real_robot_best.csv", best)
    write("real_robot_pooled.csv", pooled)


main()
