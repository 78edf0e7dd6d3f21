"""Reading prepared data, labels, folds and batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from efficientecg_training import features
from efficientecg_training.config import Config
from efficientecg_training.data import beats, folds, labels, prepared, records
from efficientecg_training.tasks import RHYTHM, SUPERCLASS


def test_prepared_records_are_read_as_written(sets: tuple[Path, Path]) -> None:
    found = list(prepared.read(sets[0] / "cinc2017", 100.0))
    assert found[1].signal.shape == (1, 1070)
    assert found[0].features["p_correlation"] is None
    with pytest.raises(ValueError, match="prepared at 100.0 Hz"):
        next(prepared.read(sets[0] / "cinc2017", 250.0))


def test_invalid_samples_become_zero_and_mask_their_token() -> None:
    signal = np.full((1, 19), 9.0, dtype=np.float32)
    signal[0, :5] = np.nan
    signal[0, 8:12] = np.nan
    out, mask = prepared.clean(signal, 8, 5.0)
    assert out.shape == (1, 16) and out.max() == 5.0 and out[0, 0] == 0
    assert mask.tolist() == [[0.0, 1.0]]  # 3 of 8 valid, 4 of 8 valid


def test_modified_leads_count_as_the_nearest_standard_lead() -> None:
    assert prepared.lead_number("MLII") == 1
    assert prepared.lead_number("aVR") == 3
    assert prepared.lead_number("ECG") == 12


def test_rhythm_from_ptbxl_statements() -> None:
    assert labels.ptbxl_rhythm({"SR", "LVH"}) == RHYTHM.codes.index("N")
    assert labels.ptbxl_rhythm({"AFIB", "PVC"}) == RHYTHM.codes.index("A")
    assert labels.ptbxl_rhythm({"SR", "PVC"}) == RHYTHM.codes.index("O")
    assert labels.ptbxl_rhythm({"AFLT"}) == labels.UNKNOWN
    assert labels.ptbxl_rhythm({"AFIB", "PACE"}) == labels.UNKNOWN


def ludb_row(**cells: str) -> dict[str, str]:
    return {"Rhythms": "Sinus rhythm", **{name.replace("_", " "): text for name, text in cells.items()}}


def test_ludb_statements_become_superclasses() -> None:
    def of(row: dict[str, str]) -> dict[str, float]:
        return dict(zip(SUPERCLASS.codes, labels.ludb_superclass(row).tolist(), strict=True))

    assert of(ludb_row()) == {"NORM": 1, "MI": 0, "STTC": 0, "CD": 0, "HYP": 0}
    stemi = of(ludb_row(Ischemia="Stemi: anterior wall\nIschemia: apical"))
    assert stemi["MI"] == 1 and stemi["STTC"] == 1 and stemi["NORM"] == 0
    doubt = of(ludb_row(Hypertrophies="Left atrial hypertrophy"))
    assert np.isnan(doubt["HYP"]) and np.isnan(doubt["NORM"])
    both = of(ludb_row(Hypertrophies="Left atrial hypertrophy\nLeft ventricular hypertrophy"))
    assert both["HYP"] == 1
    assert of({"Rhythms": "Atrial fibrillation"})["NORM"] == 0


def test_escape_beats_follow_the_map() -> None:
    assert [labels.beat_class(m, "ml") for m in "NeJjnAVEF/Q"] == [0, 0, 1, 0, 1, 1, 2, 2, 3, 4, 4]
    assert [labels.beat_class(m, "bxb") for m in "ejn"] == [1, 1, 1]
    assert labels.beat_class("+", "ml") == labels.UNKNOWN
    assert labels.beat_class(None, "ml") == labels.UNKNOWN


def test_folds_are_complete_and_keep_people_together() -> None:
    mitdb = folds.read("mitdb")
    assert {mitdb[name] for name in ("102", "104", "107", "217")} == {0}
    assert len([name for name in mitdb if mitdb[name] > 0]) == 22
    assert "202" not in mitdb or mitdb["202"] == mitdb["201"]
    for name, count in (("cinc2017", 7249), ("ludb", 161)):
        fold = folds.read(name)
        assert len(fold) == count and set(fold.values()) == set(range(1, 10))
    assert [folds.group_of(fold) for fold in range(1, 10)] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


NAMES = ["age_years", "sex_male", "rr_mean_s", "rr_cv", "p_correlation"]
INFOS = {name: features.FeatureInfo(name, "", -10.0, 120.0) for name in [*NAMES, "rr_prev_s", "rr_next_s"]}


def test_patterns_choose_features() -> None:
    assert features.chosen(INFOS, ["*", "!rr_*"]) == ["age_years", "sex_male", "p_correlation"]
    assert features.chosen(INFOS, ["rr_cv", "age_years"]) == ["age_years", "rr_cv"]
    with pytest.raises(ValueError, match="no feature is called rr_x"):
        features.chosen(INFOS, ["rr_x"])


def loaded(sets: tuple[Path, Path], config: Config) -> list[records.Record]:
    found = records.load(*sets, config)
    raw = features.table((record.raw for record in found), NAMES)
    records.normalise(found, features.Normalisation.fit(NAMES, INFOS, raw))
    return found


def test_record_batches_have_no_padding_and_repeat(sets: tuple[Path, Path], record_config: Config) -> None:
    found = loaded(sets, record_config)
    assert records.counts(found)["ptbxl"] == 6
    age = NAMES.index("age_years")
    assert all(record.known[age] == (record.set == "ptbxl") for record in found)
    source = records.RecordBatches(found, record_config, seed=3, names=NAMES)
    first, second, other = list(source.epoch(0)), list(source.epoch(0)), list(source.epoch(1))
    assert all(np.array_equal(a.signal, b.signal) for a, b in zip(first, second, strict=True))
    assert any(a.signal.shape != b.signal.shape or not np.array_equal(a.signal, b.signal) for a, b in zip(first, other, strict=False))
    for batch in first:
        n, leads, samples = batch.signal.shape
        assert batch.token_mask.shape == (n, leads, samples // record_config.network.hop)
        assert (batch.flags is not None) == (leads >= 8)
        assert np.isfinite(batch.signal).all() and np.isfinite(batch.features).all()


def test_evaluation_batches_pad_with_masked_tokens(sets: tuple[Path, Path], record_config: Config) -> None:
    found = [record for record in loaded(sets, record_config) if record.set == "cinc2017"]
    (rows,) = records.evaluation_groups(found, 16)
    batch = records.evaluation_batch([found[i] for i in rows])
    hop = record_config.network.hop
    assert batch.signal.shape[2] % records.CROP_STEP == 0
    assert [int(m.sum()) for m in batch.token_mask] == [found[i].signal.shape[1] // hop for i in rows]
    eight = records.evaluation_batch([r for r in loaded(sets, record_config) if r.set == "ludb"], records.EIGHT)
    assert eight.lead_ids.tolist() == [records.EIGHT]


def test_beats_are_cut_around_the_peak(sets: tuple[Path, Path], beat_config: Config) -> None:
    names = ["rr_prev_s", "rr_next_s"]
    table = beats.load(sets[0], beat_config, names, "ml")
    table.normalise(features.Normalisation.fit(names, INFOS, table.raw))
    assert set(table.record) == {"101", "106", "102"} and table.lead_ids[0].tolist() == [1, 6]  # MLII first, as lead II
    entry = next(prepared.read(sets[0] / "mitdb", 100.0))
    batch = beats.take(table, np.asarray([3]), beat_config)
    peak = int(table.sample[3])
    assert np.array_equal(batch.signal[0, 0], entry.signal[1, peak - 80 : peak + 80])
    assert beats.take(table, np.asarray([0]), beat_config).token_mask[0, 0, 0] == 0  # before the recording's start
    assert len(list(beats.BeatBatches(table, beat_config, 1, names).epoch(0))) == 0  # fewer than one batch
