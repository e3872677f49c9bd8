"""The tables of docs/results.md: which rows, which columns.

A row is one JSON object of results/<file>. Beside its figures it says where it comes from, once for all rows of a run:
`command` (what makes it, as typed in the root of the checkout), `machine` (in words) and `version`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cotrain import by_arm, sweep_over_w
from sensitivity import variants
from strategies import acted

Row = dict[str, Any]
Cell = Callable[[Row], str]


def figure(key: str, form: str = "", missing: str = "") -> Cell:
    """The value of `key`, formatted; `missing` (an error if empty) where the row has none."""

    def cell(row: Row) -> str:
        if row.get(key) is None:
            if not missing:
                raise KeyError(f"this row has no '{key}': {row}")
            return missing
        return format(row[key], form)

    return cell


def spread(middle: str, low: str, high: str, form: str = "") -> Cell:
    """A figure with its interval: 8.1 (7.9 to 8.4)."""
    return lambda row: f"{row[middle]:{form}} ({row[low]:{form}} to {row[high]:{form}})"


def three(key: str, form: str = "") -> Cell:
    """A figure that stands in the row as [middle, low, high]."""
    return lambda row: f"{row[key][0]:{form}} ({row[key][1]:{form}} to {row[key][2]:{form}})"


def middle_of_three(key: str, form: str = "") -> Cell:
    return lambda row: f"{row[key][0]:{form}}"


@dataclass(frozen=True)
class Table:
    file: str
    columns: dict[str, Cell]
    prepare: Callable[[list[Row]], list[Row]] = list  # chooses, sorts or sums up the rows

    def markdown(self, rows: list[Row]) -> str:
        shown = self.prepare(rows)
        lines = ["| " + " | ".join(self.columns) + " |", "| " + " | ".join("---" for _ in self.columns) + " |"]
        lines += ["| " + " | ".join(cell(row) for cell in self.columns.values()) + " |" for row in shown]
        return "\n".join([*lines, "", *origins(rows), ""])


def origins(rows: list[Row]) -> list[str]:
    """One line for each run that the rows come from."""
    said = dict.fromkeys(
        f"Made by `{row['command']}` with heddle {row['version']} on {row['machine']}." for row in rows
    )
    return list(said)


def simulation_speed(rows: list[Row]) -> list[Row]:
    """One row a comparison, of the one row that a run leaves: each figure is (median, lowest, highest)."""
    row = rows[-1]

    def line(what: str, ratio: str, theirs: str = "", ours: str = "") -> Row:
        middle, low, high = row[ratio]
        rates = {"theirs": row[theirs][0] if theirs else None, "ours": row[ours][0] if ours else None}
        return {"what": what, "middle": middle, "low": low, "high": high} | rates

    return [
        line("one square nut, no cameras", "ratio_square", "robosuite", "square"),
        line("both nuts, no cameras", "ratio_both", "robosuite", "both"),
        line("against robosuite's physics alone", "ratio_physics", "robosuite_physics_alone", "square"),
        line("two cameras of 84 x 84, in software", "ratio_cameras", "robosuite_cameras", "cameras"),
        line("two threads: share of twice the rate of one", "efficiency_2", "", "threads_2"),
        line("the same with two cameras", "efficiency_2_cameras", "", "cameras_threads_2"),
    ]


def loop_at_its_best(row: Row) -> str:
    arrangement = row["loop_best"]
    return f"{row['loop_' + arrangement.replace(' ', '_') + '_ms']:.1f} ({arrangement})"


def share_with_interval(row: Row) -> str:
    if "low" not in row:
        return f"{row['share']:.2f}"
    return f"{row['share']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def three_shares(row: Row) -> str:
    return " / ".join(f"{row['shares'][effect]:.2f}" for effect in ("delta_z", "w", "interaction"))


def of_kind(what: str) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [row for row in rows if row["what"] == what]


STRATEGIES = ("safe-handle", "fast-handle", "safe-rim", "fast-rim")


def by_gap(rows: list[Row]) -> list[Row]:
    """One row for each gap and nuts, the strategies side by side."""
    cells: dict[tuple[str, str], Row] = {}
    for row in rows:
        cell = cells.setdefault((row["gap"], row["nuts"]), {"gap": row["gap"], "nuts": row["nuts"]})
        cell[row["strategy"]] = row
    return [cell for cell in cells.values() if all(strategy in cell for strategy in STRATEGIES)]


def successes(strategy: str) -> Cell:
    """198/200 (0.96 to 1.00), 214: successes, interval, mean steps."""

    def cell(row: Row) -> str:
        of = row[strategy]
        interval = f"{of['rate_low']:.2f} to {of['rate_high']:.2f}"
        return f"{of['successes_end']}/{of['episodes']} ({interval}), {of['mean_steps']:.0f}"

    return cell


def failures(row: Row) -> str:
    counts: dict[str, int] = {}
    for strategy in STRATEGIES:
        for label, count in row[strategy]["failures"].items():
            counts[label] = counts.get(label, 0) + count
    return ", ".join(f"{label} {count}" for label, count in sorted(counts.items())) or "-"


CURVE_RATES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def coverage_at(rate: float) -> Cell:
    """The mean and the least coverage where (A's) success rate is `rate`."""

    def cell(row: Row) -> str:
        mean, least = next((mean, least) for at, mean, least in row["curve"] if abs(at - rate) < 1e-9)
        return f"{mean:.3f} ({least:.3f})"

    return cell


TABLES: dict[str, Table] = {
    "compare_coverage": Table(
        "compare_truth.jsonl",
        {
            "95 % interval of": figure("interval"),
            "n": figure("n"),
            "mean coverage": figure("mean", ".4f"),
            "least": figure("least", ".4f"),
            "most": figure("most", ".4f"),
            "truths": figure("truths"),
            "how": figure("how"),
        },
        of_kind("coverage"),
    ),
    "compare_curve": Table(
        "compare_truth.jsonl",
        {"interval": figure("interval"), "n": figure("n")} | {str(rate): coverage_at(rate) for rate in CURVE_RATES},
        of_kind("coverage"),
    ),
    "compare_clustered": Table(
        "compare_truth.jsonl",
        {
            "95 % interval of": figure("interval"),
            "episodes": figure("episodes"),
            "training seeds": figure("training_seeds"),
            "hard and easy episodes differ by": lambda row: f"{2 * row['spread']:.1f}",
            "coverage": figure("coverage", ".4f"),
            "runs": figure("runs", ","),
        },
        of_kind("clustered-coverage"),
    ),
    "compare_sizes": Table(
        "compare_truth.jsonl",
        {
            "test": figure("test"),
            "n": figure("n"),
            "level": figure("level"),
            "finds a difference where there is none": figure("size", ".4f"),
            "at": figure("at"),
            "how": figure("how"),
        },
        of_kind("size"),
    ),
    "compare_false": Table(
        "compare_truth.jsonl",
        {
            "discordant pairs": figure("discordance"),
            "looks": figure("episodes", ","),
            "false verdicts": figure("share", ".4f"),
            "runs": figure("runs", ","),
        },
        of_kind("false-verdicts"),
    ),
    "compare_stops": Table(
        "compare_truth.jsonl",
        {
            "discordant pairs": figure("discordance"),
            "true difference": figure("difference"),
            "fixed n, power .8": figure("fixed_80", ","),
            "fixed n, power .95": figure("fixed_95", ","),
            "sequential: mean": figure("mean", ",.0f"),
            "median": figure("median", ","),
            "95 of 100 stop by": figure("q95", ","),
            "stops by the first fixed n": figure("sooner_than_fixed", ".2f"),
            "for the wrong policy": figure("wrong", ".4f"),
        },
        of_kind("stops"),
    ),
    "compare_forecasts": Table(
        "compare_truth.jsonl",
        {
            "discordant pairs": figure("discordance"),
            "true difference": figure("difference"),
            "asked after": figure("asked_after"),
            "runs still open": figure("open", ","),
            "done within what was said": figure("within", ".2f"),
            "within twice that": figure("within_twice", ".2f"),
            "no end in sight was said": figure("no_end", ".2f"),
        },
        of_kind("forecasts"),
    ),
    "toy_sensitivity": Table(
        "toy_sensitivity.jsonl",
        {
            "variant": figure("name"),
            "what is varied": figure("what"),
            "shares Δz / w / interaction": three_shares,
            "best cell (Δz, w)": lambda row: "{}, {}".format(*row["best"]),
            "worst cell": lambda row: "{}, {}".format(*row["worst"]),
            "seeds": figure("seeds"),
        },
        prepare=variants,
    ),
    "toy_same": Table(
        "toy_same.jsonl",
        {
            "Δz": figure("delta_z"),
            "w": figure("w"),
            "log10 of": figure("loss"),
            "ours, mean (sd)": lambda row: f"{row['ours']:.2f} ({row['ours_sd']:.2f})",
            "the loop, mean (sd)": lambda row: f"{row['loop']:.2f} ({row['loop_sd']:.2f})",
            "seeds": figure("seeds"),
            "p": figure("p", ".2f"),
        },
    ),
    "toy_speed": Table(
        "toy_speed.jsonl",
        {
            "width": figure("width"),
            "ours, ms a step": figure("ours_ms", ".1f"),
            "the loop at its best, ms a step": loop_at_its_best,
            "ratio (spread of the rounds)": spread("loop_ratio", "loop_ratio_low", "loop_ratio_high", ".1f"),
            "with fused Adam": spread("fused_ratio", "fused_ratio_low", "fused_ratio_high", ".1f"),
            "share of the matrix rate": spread("limit_share", "limit_share_low", "limit_share_high", ".2f"),
        },
    ),
    "cotrain": Table(
        "cotrain.jsonl",
        {
            "method": figure("arm"),
            "w": figure("share", ".3g"),
            "success of each training seed": figure("each"),
            "rate": three("wilson", ".3f"),
            "held-out action error": figure("held_out", ".3f"),
            "linear probe of z": figure("probe", ".2f"),
            "distance of z": figure("distance", ".2f"),
        },
        by_arm,
    ),
    "cotrain_sweep": Table(
        "cotrain.jsonl",
        {
            "values of w": figure("values"),
            "runs": figure("runs"),
            "range": figure("range"),
            "best w": figure("best", ".3g"),
            "w by held-out action error, in the range": figure("searched", ".3g"),
            "its regret": three("regret", ".3f"),
            "chance that the best lies in the range": figure("inside", ".2f"),
        },
        sweep_over_w,
    ),
    "strategies": Table(
        "strategies.jsonl",
        {
            "who": figure("what"),
            "episodes": figure("episodes"),
            "success": three("rate", ".2f"),
            "steps of a success, median": figure("steps"),
            "pace, median (quartiles)": three("pace", ".3f"),
            "faster than `told safe` in the same episode": figure("faster"),
        },
        acted,
    ),
    "sim_experts": Table(
        "sim_experts.jsonl",
        {"gap": figure("gap"), "nuts": figure("nuts")}
        | {strategy: successes(strategy) for strategy in STRATEGIES}
        | {"failures": failures},
        by_gap,
    ),
    "sim_speed": Table(
        "sim_speed.jsonl",
        {
            "what": figure("what"),
            "robosuite, steps/s": figure("theirs", ".0f", "-"),
            "ours, steps/s": figure("ours", ".0f", "-"),
            "ratio, or share": spread("middle", "low", "high", ".2f"),
        },
        simulation_speed,
    ),
    "audit": Table(
        "audit.jsonl",
        {
            "dataset": lambda row: (
                f"{row['episodes']:,} episodes of {row['frames_per_episode']} frames, {row['cameras']} cameras of "
                f"{row['size']}, {row['codec']}"
            ),
            "time, s": spread("seconds", "seconds_low", "seconds_high", ".1f"),
            "pictures looked at": figure("pictures", ","),
            "pictures/s": figure("pictures_per_second", ".0f"),
        },
    ),
    "loader": Table(
        "loader.jsonl",
        {
            "pictures": figure("dataset"),
            "peer's best, frames/s": lambda row: f"{row['peer_frames_per_s']:.0f} ({row['peer_best']} workers)",
            "decode, times the peer": spread("decode_ratio", "decode_ratio_low", "decode_ratio_high", ".1f"),
            "packed": spread("packed_ratio", "packed_ratio_low", "packed_ratio_high", ".0f"),
            "memory": spread("memory_ratio", "memory_ratio_low", "memory_ratio_high", ".0f"),
            "decode, share of decoding in order": figure("decode_share", ".2f"),
            "packed, share of the copy rate": figure("packed_copy_share", ".2f"),
            "peak memory, MB (decode / packed / peer)": lambda row: (
                f"{row['decode_mb']:.0f} / {row['packed_mb']:.0f} / {row['peer_mb']:.0f}"
            ),
        },
        lambda rows: [row for row in rows if "decode_ratio" in row],
    ),
    "loader_start": Table(
        "loader.jsonl",
        {
            "dataset": figure("dataset"),
            "first batch, s": spread("first_batch_s", "first_batch_s_low", "first_batch_s_high", ".2f"),
            "the peer's, s": spread("peer_first_batch_s", "peer_first_batch_s_low", "peer_first_batch_s_high", ".2f"),
        },
        lambda rows: [row for row in rows if "decode_ratio" not in row],
    ),
    "train_step": Table(
        "train_step.jsonl",
        {
            "policy": figure("policy"),
            "ours, ms": middle_of_three("ours_ms", ".2f"),
            "eager, times ours": three("ratio_eager", ".2f"),
            "compiled, times ours": three("ratio_compiled", ".2f"),
            "share of the matrix rate (ours / eager / compiled)": lambda row: " / ".join(
                f"{row[f'{name}_share'][0]:.2f}" for name in ("ours", "eager", "compiled")
            ),
            "threads (ours / eager / compiled)": lambda row: (
                f"{row['ours_threads']} / {row['eager_threads']} / {row['compiled_threads']}"
            ),
            "rows / pictures / forward / backward / optimiser": lambda row: " / ".join(
                f"{share:.2f}" for share in row["parts"].values()
            ),
        },
    ),
    "act": Table(
        "act.jsonl",
        {
            "policy": figure("policy"),
            "ours, guided, ms": middle_of_three("ours_guided_ms", ".2f"),
            "eager, times ours": three("ratio_eager_guided", ".2f"),
            "compiled, times ours": three("ratio_compiled_guided", ".2f"),
            "not guided: ours, ms": middle_of_three("ours_plain_ms", ".2f"),
            "eager": three("ratio_eager_plain", ".2f"),
            "guided over not guided, ours": three("guidance", ".2f"),
        },
    ),
    "toy_anova": Table(
        "toy_anova.jsonl",
        {
            "error": figure("measure"),
            "effect": figure("name"),
            "share (95 %)": share_with_interval,
            "paper": figure("paper", ".2f", missing="-"),
            "df": figure("df"),
            "F": figure("f", ".1f", missing="-"),
            "p": figure("p", ".2g", missing="-"),
        },
    ),
    "toy_findings": Table(
        "toy_findings.jsonl",
        {
            "expected": figure("claim"),
            "from the paper": figure("expected"),
            "came out": figure("found"),
            "holds": lambda row: "yes" if row["holds"] else "**no**",
            "note": figure("note", missing="-"),
        },
    ),
    "toy_best_w": Table(
        "toy_best_w.jsonl",
        {
            "Δz": figure("delta_z"),
            "best w": figure("w"),
            "of single seeds": lambda row: f"{row['w_low']} to {row['w_high']}",
            "error there": figure("ood", ".2f"),
            "target alone": figure("target_only_ood", ".1f"),
            "factor (95 %)": lambda row: (
                f"{row['factor']:.1f} ({row['factor_low']:.1f} to {row['factor_high']:.1f})"
                if "factor_low" in row
                else f"{row['factor']:.1f}"
            ),
        },
    ),
    "toy_match": Table(
        "toy_match.jsonl",
        {
            "regime": figure("regime"),
            "Δz": figure("delta_z"),
            "w": figure("w"),
            "signal level": figure("signal", ".3g"),
            "relative squared error": figure("error", ".4f"),
        },
    ),
}
