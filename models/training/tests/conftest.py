"""Tiny imitations of prepared data and label files: a few short synthetic records, no patient's signal."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from efficientecg_training import config as configuration
from efficientecg_training.config import LEADS, Config
from efficientecg_training.evaluation import metrics
from efficientecg_training.export.vectors import synthetic_ecg

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    monkeypatch.setattr(metrics, "RESAMPLES", 100)


@pytest.fixture(params=["record", "beat"])
def config(request: pytest.FixtureRequest) -> Config:
    return configuration.load(ROOT / "configs" / f"{request.param}.toml")


@pytest.fixture
def record_config() -> Config:
    return configuration.load(ROOT / "configs" / "record.toml")


@pytest.fixture
def beat_config() -> Config:
    return configuration.load(ROOT / "configs" / "beat.toml")


def write_prepared(folder: Path, entries: list[tuple[str, list[str], np.ndarray, dict, list[dict]]]) -> None:
    """Writes records (name, leads, signal, features, beats) as `efficientecg prepare` does."""
    folder.mkdir(parents=True)
    offset = 0
    names = {name: None for _, _, _, features, beats in entries for part in [features, *(b["features"] for b in beats)] for name in part}
    infos = [{"name": name, "label": name, "unit": "", "min": -10.0, "max": 120.0} for name in names]
    for table in ("features.json", "beat_features.json"):
        (folder / table).write_text(json.dumps(infos))
    with (folder / "index.jsonl").open("w") as index, (folder / "signal.f32").open("wb") as file:
        for name, leads, signal, features, beats in entries:
            entry = {"record": name, "file": name, "format": "wfdb", "rate_hz": 100.0, "leads": leads, "samples": signal.shape[1],
                     "offset": offset, "calibrated": True, "features": features, "beats": beats}
            index.write(json.dumps(entry) + "\n")
            file.write(signal.astype("<f4").tobytes())
            offset += signal.size


@pytest.fixture
def sets(tmp_path: Path) -> tuple[Path, Path]:
    """Prepared folder and data folder with a handful of records of each set."""
    rng = np.random.default_rng(5)
    prepared, data = tmp_path / "prepared", tmp_path / "data"
    for name in ("cinc2017", "ptbxl", "ludb"):
        (data / name).mkdir(parents=True)

    def features() -> dict:
        return {"age_years": None, "sex_male": None, "rr_mean_s": float(rng.uniform(0.6, 1.2)), "rr_cv": float(rng.uniform(0, 0.3)), "p_correlation": None}

    cinc = ["A00002", "A00003", "A00004", "A00006", "A00007", "A00008"]
    cinc = [name for name in cinc if name in (ROOT / "folds" / "cinc2017.csv").read_text()]
    write_prepared(prepared / "cinc2017", [(n, ["ECG"], synthetic_ecg(1, 1000 + 70 * i, 100.0, rng), features(), []) for i, n in enumerate(cinc)])
    (data / "cinc2017" / "REFERENCE-v3.csv").write_text("".join(f"{n},{'NAO~'[i % 4]}\n" for i, n in enumerate(cinc)))
    twelve = list(LEADS[:12])
    names = [f"{i:05}_hr" for i in range(1, 7)]
    write_prepared(prepared / "ptbxl", [(n, twelve, synthetic_ecg(12, 1000, 100.0, rng), features(), []) for n in names])
    rows = "".join(f"{i},records500/{n},500,{50 + i},F,{1 + i},{'NORM' if i % 2 else 'MI CD'},{'SR' if i % 2 else 'AFIB'}\n" for i, n in enumerate(names))
    (data / "ptbxl" / "statements.csv").write_text("ecg_id,record,rate_hz,age,sex,strat_fold,superclasses,statements\n" + rows)
    write_prepared(prepared / "ludb", [("1", twelve, synthetic_ecg(12, 1000, 100.0, rng), features(), [])])
    columns = "ID,Sex,Age,Rhythms,Electric axis of the heart,Conduction abnormalities,Extrasystolies,Hypertrophies,Cardiac pacing,Ischemia,"
    columns += "Non-specific repolarization abnormalities,Other states\n"
    (data / "ludb" / "ludb.csv").write_text(columns + "1,F,51,Sinus rhythm,,,,,,,,\n")
    beats = []
    for name in ("101", "106", "102"):
        signal = synthetic_ecg(2, 3000, 100.0, rng)
        marks = [{"sample": 50.0 + 80 * i, "label": "NNVAF/"[i % 6], "features": {"rr_prev_s": 0.8, "rr_next_s": None}} for i in range(36)]
        beats.append((name, ["V1", "MLII"], signal, {}, marks))
    write_prepared(prepared / "mitdb", beats)
    return prepared, data
