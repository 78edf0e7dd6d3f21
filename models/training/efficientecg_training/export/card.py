"""The model card: everything that the application needs to use the graph, and everything that a reader should know."""

from __future__ import annotations

import math
from typing import Any

from efficientecg_training.config import LEADS, Config
from efficientecg_training.export.notes import LIMITS, NOT_FOR, OWN, SETS
from efficientecg_training.features import Normalisation
from efficientecg_training.tasks import TASKS, Task

SCHEMA = "efficientecg.card/1"


def build(
    config: Config, normalisation: Normalisation, sha256: str, parameters: int, training: dict[str, Any], decisions: dict[str, Any]
) -> dict[str, Any]:
    """`decisions`: `{task: {"classes": {code: {"threshold", "uncertain", "how"}}, "scale", "offset", "metrics": [...]}}`."""
    data = config.input
    if config.kind == "beat":
        window: dict[str, Any] = {"before_s": data.before_s, "after_s": data.after_s, "max_leads": data.max_leads}
    else:
        window = {"min_s": data.min_s, "max_s": data.max_s, "long_window_s": data.long_window_s}
    sets = [dict(SETS.get(name, OWN | {"name": name}), records=count) for name, count in training["records"].items()]
    return {
        "schema": SCHEMA,
        "name": config.name,
        "version": config.version,
        "kind": config.kind,
        "sha256": sha256,
        "parameters": parameters,
        "input": {
            "rate_hz": data.rate_hz,
            "band_hz": data.band_hz,
            "clip_mv": data.clip_mv,
            "hop": config.network.hop,
            "leads": list(LEADS),
            "window": window,
            "features": [
                {
                    "name": name,
                    "label": normalisation.infos[i].label,
                    "unit": normalisation.infos[i].unit,
                    "mean": normalisation.mean[i],
                    "sd": normalisation.sd[i],
                    "min": normalisation.infos[i].low,
                    "max": normalisation.infos[i].high,
                }
                for i, name in enumerate(normalisation.names)
            ],
        },
        **({"familiarity": decisions["familiarity"]} if "familiarity" in decisions else {}),
        "tasks": [_task(task, decisions.get(task.name, {})) for task in TASKS[config.kind]],
        "training": {
            "sets": sets,
            "command": training["command"],
            "seed": config.train.seed,
            "epochs": training["epochs"],
            "recorded": training["recorded"],
        },
        "metrics": [metric for task in TASKS[config.kind] for metric in decisions.get(task.name, {}).get("metrics", []) if _measured(metric)],
        "not_for": NOT_FOR,
        "limits": LIMITS[config.kind],
    }


def _measured(metric: dict[str, Any]) -> bool:
    """Whether there were records enough for the figure to be a number."""
    return all(math.isfinite(x) for x in (metric["value"], *metric["ci95"]))


def _task(task: Task, decision: dict[str, Any]) -> dict[str, Any]:
    classes = []
    for i, info in enumerate(task.classes):
        chosen = decision.get("classes", {}).get(info.code, {"threshold": 0.5, "uncertain": [0.4, 0.6], "how": "not chosen: no evaluation"})
        classes.append(
            {"code": info.code, "label": info.label, "snomed": info.snomed, "scp": info.scp, "output": task.first + i, **chosen}
        )
    return {
        "task": task.name,
        "activation": task.activation,
        "min_leads": task.min_leads,
        "prefer_leads": list(task.prefer_leads) if task.prefer_leads else None,
        "requires_leads": [list(leads) for leads in task.requires_leads] if task.requires_leads else None,
        "classes": classes,
        # Scales and offsets are in the graph.
        "calibration": {"kind": "none"},
    }
