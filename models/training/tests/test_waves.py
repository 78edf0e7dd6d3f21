"""The wave model: masks, simulated truth, score, export."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from efficientecg_training.waves import config, decode, export, fit, score, simulate
from efficientecg_training.waves.data import UNKNOWN
from efficientecg_training.waves.network import HOP, WaveNet

CONFIG = config.load(Path(__file__).resolve().parents[1] / "configs" / "waves.toml")


def network() -> WaveNet:
    torch.manual_seed(3)
    return WaveNet(CONFIG.network, 13).eval()


def test_what_is_masked_influences_nothing():
    model = network()
    rng = np.random.default_rng(1)
    signal = torch.from_numpy(rng.standard_normal((1, 3, 40 * HOP)).astype(np.float32))
    ids, mask = torch.tensor([[0, 1, 6]]), torch.ones(1, 3, 40)
    mask[:, 2] = 0
    mask[:, :, 30:] = 0
    spoiled = signal.clone()
    spoiled[:, 2] = 7
    spoiled[:, :, 30 * HOP :] = -7
    with torch.no_grad():
        a, b = model(signal, ids, mask), model(spoiled, ids, mask)
        short = model(signal[:, :2, : 30 * HOP], ids[:, :2], mask[:, :2, :30])
    valid = slice(0, 30 * HOP)
    assert torch.allclose(a[:, :2, valid], b[:, :2, valid], atol=1e-5)
    assert torch.allclose(a[:, :2, valid], short, atol=1e-4)


def test_simulated_labels_are_in_order_and_leads_fit_each_other():
    rng = np.random.default_rng(2)
    for _ in range(20):
        signal, label, ids = simulate.draw(rng, 2000)
        assert signal.shape == label.shape == (12, 2000) and list(ids) == list(range(12))
        assert np.abs(signal[0] + signal[2] - signal[1]).max() < 1e-4
        assert set(np.unique(label)) <= {UNKNOWN, 0, 1, 2, 3} and (label == 2).any()


def test_probabilities_become_waves_and_are_scored():
    p = np.zeros((300, 4), np.float32)
    p[:, 0] = 1
    for kind, start, end in ((1, 40, 65), (2, 80, 105), (3, 150, 200)):
        p[start:end, 0], p[start:end, kind] = 0, 1
    found = [(k, a / 250, b / 250, c / 250) for k, a, b, c in decode.runs(p, 250.0)]
    truth = [(1, 0.16, 0.2, 0.26), (2, 0.32, 0.36, 0.42), (3, 0.6, 0.7, 0.8)]
    result = score.Score()
    result.add(truth, found)
    assert [result.matched[k] for k in (1, 2, 3)] == [1, 1, 1]
    assert all(abs(e) < 0.005 for errors in result.errors.values() for e in errors)


def test_training_resumes(tmp_path: Path):
    short = dataclasses.replace(CONFIG, train=dataclasses.replace(CONFIG.train, steps=4, leads_per_batch=12, simulated_share=1.0))
    first = fit.train([], short, 13, tmp_path)
    again = fit.train([], short, 13, tmp_path)  # takes up after the last step: nothing is left to do
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    fresh = WaveNet(CONFIG.network, 13)
    assert any(not torch.equal(a, b) for a, b in zip(first.parameters(), fresh.parameters(), strict=True))


def test_the_exported_graph_is_the_network(tmp_path: Path):
    export.write(CONFIG, network(), tmp_path, [])
    card = json.loads((tmp_path / "efficientecg-waves.json").read_text())
    assert card["kind"] == "waves" and [c["code"] for c in card["tasks"][0]["classes"]] == ["none", "P", "QRS", "T"]
    assert (tmp_path / "vectors" / "efficientecg-waves.json").exists()


def test_unknown_keys_are_errors(tmp_path: Path):
    path = tmp_path / "waves.toml"
    path.write_text((Path(__file__).resolve().parents[1] / "configs" / "waves.toml").read_text() + "typo = 1\n")
    with pytest.raises(TypeError):
        config.load(path)
