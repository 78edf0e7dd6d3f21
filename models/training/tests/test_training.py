"""From prepared data to an exported model, on a few synthetic records."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
import torch

from efficientecg_training import runs
from efficientecg_training.config import Config
from efficientecg_training.evaluation import beat, record
from efficientecg_training.export.write import export
from efficientecg_training.tasks import STATEMENT, SUPERCLASS, class_count
from efficientecg_training.training import losses
from efficientecg_training.training.fit import fit, with_epochs
from efficientecg_training.training.loop import rate_at


def small(config: Config) -> Config:
    """The same model, narrower, with batches that a handful of records fill."""
    shape = dataclasses.replace(config.network, early_width=8, early_blocks=1, width=16, late_blocks=[1])
    train = dataclasses.replace(config.train, batch={**config.train.batch, "size": 16, "single_lead": 4, "many_leads": 4}, epochs=2)
    trees = {task: dataclasses.replace(entry, rounds=4, least_records=1) for task, entry in config.trees.items()}
    return dataclasses.replace(config, network=shape, train=train, trees=trees)


def test_learning_rate_rises_and_falls() -> None:
    rates = [rate_at(i / 100, 1.0) for i in range(101)]
    assert max(rates) == pytest.approx(1.0) and rates[0] < 0.1 and rates[-1] < 0.02


def test_unknown_labels_cost_nothing() -> None:
    logits = torch.randn(3, class_count("record"), requires_grad=True)
    unknown = torch.full((3, SUPERCLASS.size + STATEMENT.size), float("nan"))
    loss = losses.record_loss(logits, torch.tensor([-1, -1, -1]), unknown)
    assert loss.item() == 0.0
    unknown[1, 2] = 1.0
    losses.record_loss(logits, torch.tensor([-1, 0, -1]), unknown).backward()
    assert logits.grad[0].abs().sum() == 0 and logits.grad[1].abs().sum() > 0
    assert logits.grad[1, 4] == 0 and logits.grad[1, 6] != 0


def test_train_evaluate_export_record(sets: tuple[Path, Path], record_config: Config, tmp_path: Path) -> None:
    config = small(record_config)
    folders = [tmp_path / "run0"]
    fit(config, *sets, folders[0], 0, "command")
    predictions = record.predict(config, folders, *sets)
    assert len(predictions.name) == len(set(predictions.name)) and set(predictions.of("ptbxl")) == {True, False}
    decisions = record.evaluate(predictions, "command")
    export(config, folders[0], decisions, tmp_path / "out")
    card = json.loads((tmp_path / "out" / "efficientecg-record.json").read_text())
    assert card["metrics"] and all("command" in metric and "ci95" in metric for metric in card["metrics"])
    assert all(0 < entry["threshold"] <= 1 for task in card["tasks"] for entry in task["classes"])


def test_train_evaluate_export_beat(sets: tuple[Path, Path], beat_config: Config, tmp_path: Path) -> None:
    config = small(beat_config)
    fit(config, *sets, tmp_path / "run", 1, "command")
    predictions = beat.predict(config, [tmp_path / "run"], sets[0])
    assert set(predictions.record) == {"101", "106"}
    decisions = beat.evaluate(predictions, "command")
    export(config, tmp_path / "run", decisions, tmp_path / "out")
    assert (tmp_path / "out" / "efficientecg-beat.onnx").exists()


def test_training_resumes_where_it_stopped(sets: tuple[Path, Path], beat_config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = with_epochs(small(beat_config), 3)
    fit(config, *sets, tmp_path / "whole", 1, "command")
    from efficientecg_training.training import loop

    saved = loop.save_checkpoint

    def stop_after_first(path, model, average, adam, epoch):
        saved(path, model, average, adam, epoch)
        if epoch == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(loop, "save_checkpoint", stop_after_first)
    with pytest.raises(KeyboardInterrupt):
        fit(config, *sets, tmp_path / "stopped", 1, "command")
    monkeypatch.setattr(loop, "save_checkpoint", saved)
    fit(config, *sets, tmp_path / "stopped", 1, "command")
    a, b = (runs.load(tmp_path / name, config)[1].state_dict() for name in ("whole", "stopped"))
    assert all(torch.allclose(a[key], b[key], atol=1e-6) for key in a)
