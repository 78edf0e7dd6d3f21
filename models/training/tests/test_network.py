"""The network's promises: exact addition, and that nothing masked counts."""

from __future__ import annotations

import pytest
import torch

from efficientecg_training.config import Config
from efficientecg_training.network.blocks import freeze_norms
from efficientecg_training.network.model import EfficientECG, parameter_count
from efficientecg_training.runs import network
from efficientecg_training.tasks import TASKS
from test_trees import some_forest

FEATURES = 12


@pytest.fixture
def model(config: Config) -> EfficientECG:
    made = network(config, FEATURES)
    made.with_forests([some_forest(task.size, FEATURES) for task in TASKS[config.kind]])
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d):  # statistics as after some training
            torch.nn.init.uniform_(module.running_mean, -0.3, 0.3)
            torch.nn.init.uniform_(module.running_var, 0.5, 2.0)
            torch.nn.init.uniform_(module.bias, -0.3, 0.3)
    return made.eval()


def inputs(config: Config, n: int = 2, leads: int = 3, tokens: int = 40) -> list[torch.Tensor]:
    features = FEATURES
    return [
        torch.randn(n, leads, tokens * config.network.hop),
        torch.stack([torch.randperm(12)[:leads] for _ in range(n)]),
        torch.ones(n, leads, tokens),
        torch.randn(n, features),
        torch.ones(n, features),
    ]


def close(a: torch.Tensor, b: torch.Tensor) -> bool:
    return torch.allclose(a, b, atol=2e-6, rtol=1e-5)


def test_small_enough(model: EfficientECG) -> None:
    assert parameter_count(model) < 400_000


def test_logits_are_the_sum(model: EfficientECG, config: Config) -> None:
    x = inputs(config)
    x[2][:, 0, :7] = 0
    x[4][:, ::2] = 0
    out = model(*x)
    assert close(out.logits, out.bias + out.feature_evidence.sum(2) + out.evidence.sum((2, 3)))


def test_masked_tokens_are_as_if_they_were_not_there(model: EfficientECG, config: Config) -> None:
    hop = config.network.hop
    x = inputs(config)
    x[2][:, 1, 10:20] = 0
    x[2][:, 2] = 0
    before = model(*x)
    x[0][:, 1, 10 * hop : 20 * hop] = 1e3
    x[0][:, 2] = -50.0
    x[1][:, 2] = 12
    after = model(*x)
    for a, b in zip(before, after, strict=True):
        assert close(a, b)
    assert before.evidence[:, :, 2].abs().max() == 0
    assert before.evidence[:, :, 1, 10:20].abs().max() == 0


def test_an_absent_lead_equals_a_masked_lead(model: EfficientECG, config: Config) -> None:
    x = inputs(config)
    x[2][:, 2] = 0
    fewer = [x[0][:, :2], x[1][:, :2], x[2][:, :2], x[3], x[4]]
    assert close(model(*x).logits, model(*fewer).logits)


def test_padding_in_time_changes_nothing(record_config: Config) -> None:
    model = network(record_config, FEATURES).eval()
    x = inputs(record_config)
    hop = record_config.network.hop
    padded = [torch.nn.functional.pad(x[0], (0, 5 * hop)), x[1], torch.nn.functional.pad(x[2], (0, 5)), x[3], x[4]]
    assert close(model(*x).logits, model(*padded).logits)


def test_the_order_of_the_leads_does_not_matter(model: EfficientECG, config: Config) -> None:
    x = inputs(config)
    turned = [x[0].flip(1), x[1].flip(1), x[2].flip(1), x[3], x[4]]
    a, b = model(*x), model(*turned)
    assert close(a.logits, b.logits)
    assert close(a.evidence, b.evidence.flip(2))


def test_missing_features_add_nothing_and_do_not_matter(model: EfficientECG, config: Config) -> None:
    x = inputs(config)
    x[4][:, 1:] = 0
    before = model(*x)
    x[3][:, 1:] = 77.0
    after = model(*x)
    assert close(before.logits, after.logits)
    assert before.feature_evidence[:, :, 1:].abs().max() == 0
    x[4][:] = 0
    assert torch.isfinite(model(*x).logits).all()


def test_nothing_valid_leaves_bias_and_features(model: EfficientECG, config: Config) -> None:
    x = inputs(config)
    x[2][:] = 0
    out = model(*x)
    assert close(out.logits, out.bias + out.feature_evidence.sum(2))


def test_rows_of_a_batch_do_not_see_each_other(model: EfficientECG, config: Config) -> None:
    x = inputs(config, n=3)
    alone = model(*(part[1:2] for part in x))
    assert close(model(*x).logits[1:2], alone.logits)


def test_the_shortcut_for_valid_input_is_the_same(model: EfficientECG, config: Config) -> None:
    x = inputs(config)
    assert close(model(*x).logits, model(*x, all_valid=True).logits)


def test_frozen_norms_train_as_they_will_be_used(model: EfficientECG, config: Config) -> None:
    x = inputs(config)
    model.mixing = None  # of the answer, not of the training
    expected = model(*x).logits
    freeze_norms(model)
    model.train()
    model.dropout.eval()
    assert close(model(*x).logits, expected)


def test_the_signal_tells_only_what_it_may(beat_config: Config) -> None:
    model = network(beat_config, FEATURES).eval()
    evidence = model(*inputs(beat_config)).evidence
    told = [TASKS["beat"][0].codes.index(code) for code in beat_config.network.signal_tells]
    others = [c for c in range(evidence.shape[1]) if c not in told]
    assert told and all(close(evidence[:, c], evidence[:, others[0]]) for c in others)
    assert not close(evidence[:, told[0]], evidence[:, others[0]])
