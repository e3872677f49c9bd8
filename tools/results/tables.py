"""The tables of docs/results.md: which rows, which columns."""

from __future__ import annotations

from collections.abc import Callable

from cotrain import by_arm, sweep_over_w
from sensitivity import variants
from simulation import STRATEGIES, by_gap, failures, simulation_speed, successes
from strategies import acted
from table import Cell, Row, Table, figure, middle_of_three, spread, three


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
