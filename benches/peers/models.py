"""What the models cost beside networks that are published for the same records, on one core.

    python benches/peers/models.py            (needs models/training/requirements.txt)

For one ten-second recording of twelve leads at 100 Hz: median milliseconds of xresnet1d101 and ResNet34-1d, exported here with
random weights, and of every graph in `models/` (the beat graph: as many beats as such a recording has), ONNX Runtime on one
thread. Then what more records at once bring with two threads, and what our record graph gains and loses in int8 and in fp16.

The peers are written as they are used on PTB-XL. xresnet1d101 (Strodthoff et al. 2021): stem of three convolutions of 32, 32
and 64 channels, bottlenecks [3, 4, 23, 3] of expansion 4 with kernel 5, concat pooling and a hidden layer of 128. ResNet34-1d: that
of He et al. with kernels along time: stem of 64 channels with kernel 15, basic blocks [3, 4, 6, 3] of 64 to 512 channels with
kernel 7.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

# Before ONNX Runtime is imported, which would report its use to its maker.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
import onnx
import onnxruntime as ort
import torch
from torch import nn

LEADS, SAMPLES, CLASSES = 12, 1000, 5
BEATS = 12
ROOT = Path(__file__).parents[2]


def conv(given: int, made: int, kernel: int, stride: int = 1, act: bool = True) -> nn.Sequential:
    layers = [nn.Conv1d(given, made, kernel, stride, kernel // 2, bias=False), nn.BatchNorm1d(made)]
    return nn.Sequential(*layers, *([nn.ReLU()] if act else []))


class Block(nn.Module):
    """A residual block: bottleneck (expansion 4) or basic; its short cut is pooled as in xresnet, or projected."""

    def __init__(self, given: int, width: int, stride: int, kernel: int, bottleneck: bool, pooled: bool) -> None:
        super().__init__()
        made = width * 4 if bottleneck else width
        if bottleneck:
            self.path = nn.Sequential(
                conv(given, width, 1), conv(width, width, kernel, stride), conv(width, made, 1, act=False)
            )
        else:
            self.path = nn.Sequential(conv(given, width, kernel, stride), conv(width, made, kernel, act=False))
        short: list[nn.Module] = []
        if stride > 1 and pooled:
            short.append(nn.AvgPool1d(2, stride=2, ceil_mode=True))
        if given != made or (stride > 1 and not pooled):
            short.append(conv(given, made, 1, 1 if pooled else stride, act=False))
        self.short = nn.Sequential(*short)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.path(x) + self.short(x))


def stages(given: int, widths: list[int], counts: list[int], kernel: int, bottleneck: bool, pooled: bool) -> nn.Sequential:
    blocks: list[nn.Module] = []
    for number, (width, count) in enumerate(zip(widths, counts, strict=True)):
        for block in range(count):
            stride = 2 if number and not block else 1
            blocks.append(Block(given, width, stride, kernel, bottleneck, pooled))
            given = width * 4 if bottleneck else width
    return nn.Sequential(*blocks)


class ConcatPool(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x.amax(-1), x.mean(-1)], 1)


class Mean(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean(-1)


def xresnet1d101() -> nn.Module:
    stem = nn.Sequential(conv(LEADS, 32, 5, 2), conv(32, 32, 5), conv(32, 64, 5), nn.MaxPool1d(3, 2, 1))
    # Strodthoff et al. keep the width of all stages at 64: 1.9 million parameters instead of 10.
    body = stages(64, [64, 64, 64, 64], [3, 4, 23, 3], 5, bottleneck=True, pooled=True)
    head = nn.Sequential(
        ConcatPool(), nn.BatchNorm1d(512), nn.Linear(512, 128), nn.ReLU(), nn.BatchNorm1d(128), nn.Linear(128, CLASSES)
    )
    return nn.Sequential(stem, body, head)


def resnet34() -> nn.Module:
    stem = nn.Sequential(conv(LEADS, 64, 15, 2), nn.MaxPool1d(3, 2, 1))
    body = stages(64, [64, 128, 256, 512], [3, 4, 6, 3], 7, bottleneck=False, pooled=False)
    return nn.Sequential(stem, body, Mean(), nn.Linear(512, CLASSES))


def parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def exported(model: nn.Module, path: Path) -> Path:
    torch.onnx.export(
        model.eval(), (torch.randn(1, LEADS, SAMPLES),), str(path), input_names=["signal"], output_names=["logits"], dynamo=False
    )
    return path


def session(path: Path | bytes, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    given = str(path) if isinstance(path, Path) else path
    return ort.InferenceSession(given, options, providers=["CPUExecutionProvider"])


def inputs_of(card: dict, rows: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Made-up inputs in the shapes of one recording, or of `rows`."""
    draw = np.random.default_rng(seed)
    given, window = card["input"], card["input"]["window"]
    leads = window.get("max_leads", LEADS)
    seconds = window["before_s"] + window["after_s"] if card["kind"] == "beat" else 10.0
    tokens = round(seconds * given["rate_hz"]) // given["hop"]
    features = len(given.get("features", []))
    made = {
        "signal": draw.normal(0, 0.3, (rows, leads, tokens * given["hop"])).astype(np.float32),
        "lead_ids": np.tile(np.arange(leads, dtype=np.int64), (rows, 1)),
        "token_mask": np.ones((rows, leads, tokens), np.float32),
        "features": draw.normal(0, 1, (rows, features)).astype(np.float32),
        "feature_mask": np.ones((rows, features), np.float32),
    }
    return {k: v for k, v in made.items() if card["kind"] != "waves" or not k.startswith("feature")}


def times_ms(runs: dict[str, Callable[[], object]], rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Medians, and the best times, which say more where the machine is busy; the candidates take turns, so that it is so for all."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + 2):
        for name, run in runs.items():
            begun = time.perf_counter()
            run()
            if number > 1:
                times[name].append((time.perf_counter() - begun) * 1e3)
    return {name: statistics.median(values) for name, values in times.items()}, {name: min(v) for name, v in times.items()}


def logits_change(cases: list[dict], reference: ort.InferenceSession, other: ort.InferenceSession) -> float:
    largest = 0.0
    for case in cases:
        kinds = {i.name: (np.int64 if "int64" in i.type else np.float32) for i in reference.get_inputs()}
        given = {n: np.array(a["data"], kinds[n]).reshape(a["shape"]) for n, a in case["inputs"].items()}
        ours, theirs = (s.run(["logits"], given)[0] for s in (reference, other))
        largest = max(largest, float(np.abs(ours - theirs).max()))
    return largest


def to_fp16(model: onnx.ModelProto) -> onnx.ModelProto:
    from onnxruntime.transformers.float16 import convert_float_to_float16

    return convert_float_to_float16(model, keep_io_types=True)


def reduced(path: Path, folder: Path) -> dict[str, Path | str]:
    """Our record graph in int8 (weights; activations as they come) and fp16; a reason where that fails."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    made: dict[str, Path | str] = {}
    # Signed weights have no kernel for convolutions (ConvInteger) on the processor.
    for name, kind, only in [
        ("int8, all", QuantType.QUInt8, None),
        ("int8, matrix products alone", QuantType.QUInt8, ["MatMul", "Gemm"]),
    ]:
        target = folder / f"{name}.onnx"
        try:
            quantize_dynamic(str(path), str(target), weight_type=kind, op_types_to_quantize=only)
            made[name] = target
        except Exception as fault:  # noqa: BLE001  (whatever it is, it is the answer)
            made[name] = f"{type(fault).__name__}: {fault}"
    try:
        onnx.save(to_fp16(onnx.load(path)), folder / "fp16.onnx")
        made["fp16"] = folder / "fp16.onnx"
    except Exception as fault:  # noqa: BLE001
        made["fp16"] = f"{type(fault).__name__}: {fault}"
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=ROOT / "models", help="folder of graphs with cards")
    parser.add_argument("--rounds", type=int, default=40)
    arguments = parser.parse_args()
    # The exporter and the quantiser have advice to give; nothing here depends on it.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    logging.getLogger().setLevel(logging.ERROR)
    torch.set_num_threads(1)
    torch.manual_seed(1)
    cards = {p.stem: json.loads(p.read_text()) for p in sorted(arguments.models.glob("*.json"))}
    cards = {n: c for n, c in cards.items() if (arguments.models / f"{n}.onnx").exists()}
    print(f"onnxruntime {ort.__version__}, processor, {os.cpu_count()} cores seen; medians of {arguments.rounds} rounds taken in turn\n")

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        size, runs = {}, {}
        for name, make in {"xresnet1d101": xresnet1d101, "ResNet34-1d": resnet34}.items():
            model = make()
            size[name] = parameters(model)
            peer = session(exported(model, folder / f"{name}.onnx"), 1)
            signal = np.random.default_rng(0).normal(0, 0.3, (1, LEADS, SAMPLES)).astype(np.float32)
            runs[name] = lambda peer=peer, signal=signal: peer.run(None, {"signal": signal})
        for name, card in cards.items():
            ours = session(arguments.models / f"{name}.onnx", 1)
            given = inputs_of(card, BEATS if card["kind"] == "beat" else 1)
            runs[name] = lambda ours=ours, given=given: ours.run(None, given)
            size[name] = card.get("parameters", 0)
        medians, best = times_ms(runs, arguments.rounds)
        print("One recording of ten seconds, twelve leads, one thread\n")
        print("| graph | parameters | ms | best | xresnet1d101 = 1 | ResNet34-1d = 1 |\n|---|---|---|---|---|---|")
        for name, ms in medians.items():
            share = [f"{ms / medians[peer]:.2f}" for peer in ("xresnet1d101", "ResNet34-1d")]
            print(f"| {name} | {size[name]:,} | {ms:.2f} | {best[name]:.2f} | {' | '.join(share)} |")
        together = sum(medians[name] for name in cards)
        shares = " and ".join(f"{together / medians[peer]:.2f} of {peer}" for peer in ("xresnet1d101", "ResNet34-1d"))
        print(f"\nAll of ours together: {together:.1f} ms ({shares})")

        record = next((name for name, card in cards.items() if card["kind"] == "record"), None)
        if record is None:
            return
        path, card = arguments.models / f"{record}.onnx", cards[record]
        two = session(path, 2)
        batches = {str(n): inputs_of(card, n) for n in (1, 16, 64)}
        rounds = max(5, arguments.rounds // 8)
        rates, _ = times_ms({n: lambda g=g: two.run(None, g) for n, g in batches.items()}, rounds)
        alone, _ = times_ms({n: lambda g=g: two.run(["logits"], g) for n, g in batches.items()}, rounds)
        print(f"\n{record}, two threads\n\n| records at once | records a second | without evidence |\n|---|---|---|")
        for n, ms in rates.items():
            print(f"| {n} | {1e3 * int(n) / ms:.0f} | {1e3 * int(n) / alone[n]:.0f} |")

        stored = arguments.models / "vectors" / f"{record}.json"
        cases = json.loads(stored.read_text())["cases"] if stored.exists() else []
        plain, given = session(path, 1), inputs_of(card, 1)
        runs, changes, faults = {"fp32": lambda: plain.run(None, given)}, {"fp32": 0.0}, {}
        for name, made in reduced(path, folder).items():
            try:
                if isinstance(made, str):
                    raise RuntimeError(made)
                other = session(made, 1)
                changes[name] = logits_change(cases, plain, other)
                runs[name] = lambda other=other: other.run(None, given)
            except Exception as fault:  # noqa: BLE001
                faults[name] = str(fault).splitlines()[0][:160]
        medians, best = times_ms(runs, arguments.rounds)
        print(f"\n{record} in fewer bits, one thread, {len(cases)} stored cases\n")
        print("| | ms | best | largest change of a logit |\n|---|---|---|---|")
        for name, ms in medians.items():
            print(f"| {name} | {ms:.2f} | {best[name]:.2f} | {changes[name]:.2g} |")
        for name, fault in faults.items():
            print(f"| {name} | does not run: {fault} | | |")


main()
