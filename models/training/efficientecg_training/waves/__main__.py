"""`python -m efficientecg_training.waves`: trains, judges and exports the wave model."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import torch

from efficientecg_training.config import LEADS
from efficientecg_training.waves import config as configuration
from efficientecg_training.waves import data, export, fit
from efficientecg_training.waves.network import WaveNet


def main() -> None:
    parser = argparse.ArgumentParser(prog="efficientecg_training.waves", description=__doc__)
    parser.add_argument("task", choices=["train", "cross-validate", "export"])
    parser.add_argument("--config", type=Path, default=Path("configs/waves.toml"))
    parser.add_argument("--prepared", type=Path, help="folder that `efficientecg prepare --rate 250 --band 0.5 60` wrote of LUDB")
    parser.add_argument("--data", type=Path, default=os.environ.get("EFFICIENTECG_DATA"), help="folder that holds ludb/")
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--only", type=int, nargs="*", help="folds to hold out; default: each in turn")
    parser.add_argument("--metrics", type=Path, help="export: figures for the card, as benches/waves writes them")
    parser.add_argument("--out", type=Path, default=Path(".."), help="export: folder of models")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    config = configuration.load(arguments.config)
    if arguments.task == "export":
        metrics = json.loads(arguments.metrics.read_text()) if arguments.metrics else []
        export.write(config, trained(config, arguments.run), arguments.out, metrics)
        return
    records = data.load(arguments.prepared, arguments.data)
    if arguments.task == "train":
        run(config, records, arguments.run)
        return
    for held_out in arguments.only if arguments.only is not None else range(config.train.folds):
        folder = arguments.run / f"fold-{held_out}"
        kept = [r for r in records if r.fold % config.train.folds == held_out]
        model = run(config, [r for r in records if r.fold % config.train.folds != held_out], folder)
        (folder / "records.txt").write_text("".join(f"{r.name}\n" for r in kept))
        print("\n".join(fit.judge(model, kept, arguments.data).lines()), flush=True)
        # As a model of its own, so that the application itself can be judged on records that it was not trained on.
        export.write(config, model, folder / "models", [])


def run(config: configuration.WaveConfig, records: list[data.Marked], folder: Path) -> WaveNet:
    """A finished run's model, or a new one."""
    path = folder / "model.pt"
    if path.exists():
        return trained(config, folder)
    print(f"training on {len(records)} recordings", flush=True)
    model = fit.train(records, config, len(LEADS), folder)
    torch.save(model.state_dict(), path)
    return model


def trained(config: configuration.WaveConfig, folder: Path) -> WaveNet:
    """The model of a finished run."""
    model = WaveNet(config.network, len(LEADS))
    model.load_state_dict(torch.load(folder / "model.pt", weights_only=True))
    return model.eval()


main()
