"""`python -m efficientecg_training train | cross-validate | evaluate | export | results | pictures | speed`"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
import torch

from efficientecg_training import config as configuration
from efficientecg_training.config import Config
from efficientecg_training.data.folds import GROUPS
from efficientecg_training.data.own import READERS, Own
from efficientecg_training.data.records import SETS
from efficientecg_training.tasks import TASKS
from efficientecg_training.training.fit import fit, with_epochs

BEAT_FOLDS = 5
MODELS = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Runs one command."""
    options = _parser().parse_args(arguments)
    if "config" not in options:
        return options.run(options)
    torch.set_num_threads(options.threads)
    config = with_epochs(configuration.load(options.config), getattr(options, "epochs", None))
    return options.run(config, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m efficientecg_training", description=__doc__)
    commands = parser.add_subparsers(required=True)

    def command(name: str, run, about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(run=run)
        sub.add_argument("--config", type=Path, required=True, help="configs/record.toml or configs/beat.toml")
        sub.add_argument("--threads", type=int, default=2)
        return sub

    def with_data(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--prepared", type=Path, required=True, help="folder with a folder a set, written by `efficientecg prepare`")
        sub.add_argument("--data", type=Path, default=_data_folder(), help="folder of the data sets (labels); default $EFFICIENTECG_DATA")

    def with_choice(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--sets", nargs="*", choices=SETS, default=list(SETS), help="the record model's sets; default all")
        sub.add_argument("--own", nargs="*", type=Own.parse, default=[], metavar="KIND:FOLDER", help=f"sets of your own; kinds: {', '.join(READERS)}")

    train = command("train", _train, "train one model; takes up at its last checkpoint")
    with_data(train)
    with_choice(train)
    train.add_argument("--out", type=Path, required=True, help="folder of the run")
    train.add_argument("--hold-out", type=int, help="group 0-2 (record) or fold 1-5 (beat) to leave out; default: none, the model that ships")
    train.add_argument("--epochs", type=int)

    cross = command("cross-validate", _cross_validate, "train one model for each held-out group or fold, into OUT/heldout-N")
    with_data(cross)
    with_choice(cross)
    cross.add_argument("--out", type=Path, required=True)
    cross.add_argument("--epochs", type=int)

    evaluate = command("evaluate", _evaluate, "predict what each run has not seen; writes calibration, thresholds and figures")
    with_data(evaluate)
    evaluate.add_argument("--runs", type=Path, nargs="+", required=True, help="runs with a held-out group or fold")
    evaluate.add_argument("--out", type=Path, required=True, help="JSON file to write")

    export = command("export", _export, "write NAME.onnx, its card NAME.json and vectors/NAME.json")
    export.add_argument("--run", dest="run_folder", type=Path, required=True)
    export.add_argument("--evaluation", type=Path, required=True)
    export.add_argument("--out", type=Path, default=MODELS)

    results = commands.add_parser("results", help="write RESULTS.md from the cards")
    results.set_defaults(run=_results)
    results.add_argument("--models", type=Path, default=MODELS)

    pictures = commands.add_parser("pictures", help="draw the reliability diagrams of the record model's card")
    pictures.set_defaults(run=_pictures)
    pictures.add_argument("--models", type=Path, default=MODELS)
    pictures.add_argument("--out", type=Path, default=MODELS.parent / "docs" / "pictures")

    speed = commands.add_parser("speed", help="time the graphs with ONNX Runtime on one thread")
    speed.set_defaults(run=_speed)
    speed.add_argument("--models", type=Path, default=MODELS)
    return parser


def _data_folder() -> Path | None:
    folder = os.environ.get("EFFICIENTECG_DATA")
    return Path(folder) if folder else None


def _command_line(config: Config, verb: str, *more: str) -> str:
    return " ".join(["python -m efficientecg_training", verb, f"--config configs/{config.kind}.toml", *more])


def _choice(options: argparse.Namespace) -> str:
    """What of the command line chose the data, without folders of this machine."""
    sets = "" if tuple(options.sets) == SETS else f" --sets {' '.join(options.sets)}"
    return sets + "".join(f" --own {own.kind}:{own.name}" for own in options.own)


def _need_data(config: Config, options: argparse.Namespace) -> None:
    if config.kind == "record" and options.data is None and getattr(options, "sets", True):
        sys.exit("the record model needs the labels: give --data or set EFFICIENTECG_DATA")


def _train(config: Config, options: argparse.Namespace) -> int:
    _need_data(config, options)
    held = [] if options.hold_out is None else [f"--hold-out {options.hold_out}"]
    epochs = [] if options.epochs is None else [f"--epochs {options.epochs}"]
    line = _command_line(config, "train", "--prepared PREPARED --data DATA --out RUN", *held, *epochs)
    fit(config, options.prepared, options.data, options.out, options.hold_out, line + _choice(options), tuple(options.sets), tuple(options.own))
    return 0


def _cross_validate(config: Config, options: argparse.Namespace) -> int:
    _need_data(config, options)
    line = _command_line(config, "cross-validate", "--prepared PREPARED --data DATA --out RUNS")
    for held_out in range(GROUPS) if config.kind == "record" else range(1, BEAT_FOLDS + 1):
        fit(config, options.prepared, options.data, options.out / f"heldout-{held_out}", held_out, line + _choice(options), tuple(options.sets), tuple(options.own))
    return 0


def _evaluate(config: Config, options: argparse.Namespace) -> int:
    from efficientecg_training.evaluation import beat, record

    _need_data(config, options)
    line = _command_line(config, "evaluate", "--prepared PREPARED --data DATA --runs RUNS/heldout-* --out EVALUATION")
    if config.kind == "record":
        found = record.predict(config, options.runs, options.prepared, options.data)
        result = record.evaluate(found, line)
    else:
        found = beat.predict(config, options.runs, options.prepared)
        result = beat.evaluate(found, line)
    options.out.write_text(json.dumps(result, indent=1) + "\n")
    np.savez_compressed(options.out.with_suffix(".npz"), **{k: v for k, v in vars(found).items() if k != "parts"}, **found.parts)
    print("familiarity:", result["familiarity"])
    for task, decision in ((t.name, result[t.name]) for t in TASKS[config.kind]):
        for metric in decision["metrics"]:
            print(f"{task}: {metric['figure']} {metric['value']:.3f} [{metric['ci95'][0]:.3f}, {metric['ci95'][1]:.3f}] n={metric['records']}")
        print(f"{task}: thresholds", {code: c["threshold"] for code, c in decision["classes"].items()})
    return 0


def _export(config: Config, options: argparse.Namespace) -> int:
    from efficientecg_training.export.write import export

    export(config, options.run_folder, json.loads(options.evaluation.read_text()), options.out)
    return 0


def _results(options: argparse.Namespace) -> int:
    from efficientecg_training.export.results import write

    training = Path(__file__).resolve().parents[1]
    write(options.models, training / "RESULTS.md", training / "remarks.md")
    return 0


def _pictures(options: argparse.Namespace) -> int:
    from efficientecg_training.export.pictures import reliability

    card = options.models / "efficientecg-record.json"
    reliability(card, ["rhythm", "superclass"], options.out / "reliability.svg")
    reliability(card, ["statement"], options.out / "reliability-statements.svg")
    return 0


def _speed(options: argparse.Namespace) -> int:
    from efficientecg_training.export.speed import measure

    for card in sorted(options.models.glob("*.json")):
        for name, milliseconds in measure(card).items():
            print(f"{card.stem}, {name}: {milliseconds} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
