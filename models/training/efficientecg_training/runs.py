"""A run: one trained network in a folder, with what is needed to use it again."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from efficientecg_training.config import LEADS, Config
from efficientecg_training.features import Normalisation
from efficientecg_training.network.model import EfficientECG
from efficientecg_training.tasks import class_count


@dataclass
class Run:
    """`run.json` beside `weights.pt`."""

    normalisation: Normalisation
    records: dict[str, int]
    """Records trained on, by set."""
    held_out: int | None
    """Number of the group or fold left out; none for the model that ships."""
    command: str
    epochs: int
    seconds: float
    recorded: str

    def save(self, folder: Path, model: EfficientECG) -> None:
        torch.save(model.state_dict(), folder / "weights.pt")
        (folder / "run.json").write_text(json.dumps(dataclasses.asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, folder: Path) -> Run:
        entry: dict[str, Any] = json.loads((folder / "run.json").read_text())
        return cls(**{**entry, "normalisation": Normalisation(**entry["normalisation"])})


def network(config: Config) -> EfficientECG:
    """An untrained network for the configuration."""
    return EfficientECG(config.network, len(LEADS), len(config.input.features), class_count(config.kind))


def load(folder: Path, config: Config) -> tuple[Run, EfficientECG]:
    """The run and its trained network, ready to predict."""
    model = network(config)
    model.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    return Run.read(folder), model.eval()
