"""Training on data of one's own: labels of each kind, and a whole run on small samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from conftest import write_prepared
from efficientecg_training.config import LEADS, Config
from efficientecg_training.data import own, records
from efficientecg_training.export.vectors import synthetic_ecg
from efficientecg_training.runs import Run
from efficientecg_training.tasks import RHYTHM, STATEMENT, SUPERCLASS
from efficientecg_training.training.fit import fit
from test_training import small


def flag(labels: own.RecordLabels, code: str) -> float:
    if code in SUPERCLASS.codes:
        return float(labels.superclass[SUPERCLASS.codes.index(code)])
    return float(labels.statement[STATEMENT.codes.index(code)])


def write_snomed(folder: Path, codes: dict[str, str]) -> None:
    folder.mkdir()
    for name, dx in codes.items():
        (folder / f"{name}.hea").write_text(f"{name} 12 500 5000\n{name}.mat 16+24 1000/mV 16 0 1 1 0 I\n#Age: 65\n#Sex: Female\n#Dx: {dx}\n#Rx: Unknown\n")


def test_snomed_codes_become_labels(tmp_path: Path) -> None:
    write_snomed(tmp_path / "georgia", {"A": "426783006", "B": "164889003,164909002", "C": "427172004, 164873001", "D": "999"})
    found = own.snomed(tmp_path / "georgia")
    assert [found[name].rhythm for name in "ABCD"] == [RHYTHM.codes.index("N"), RHYTHM.codes.index("A"), RHYTHM.codes.index("O"), -1]
    assert found["A"].person == {"age_years": 65.0, "sex_male": 0.0} and 1 <= found["A"].fold <= 9
    assert [flag(found[name], "CD") for name in "ABC"] == [0.0, 1.0, 0.0]
    assert [flag(found[name], "NORM") for name in "ABC"] == [1.0, 0.0, 0.0] and np.isnan(flag(found["D"], "NORM"))
    assert flag(found["B"], "CLBBB") == 1.0 and flag(found["C"], "LVH") == 1.0
    assert np.isnan(flag(found["A"], "MI")), "nobody in this set looked for infarction"


def test_a_whole_ptbxl(tmp_path: Path) -> None:
    (tmp_path / "scp_statements.csv").write_text(",description,diagnostic,diagnostic_class\nNORM,normal,1.0,NORM\nIMI,inferior,1.0,MI\nSR,sinus,,\n")
    rows = '1,1.0,56.0,1,3,"{\'NORM\': 100.0, \'SR\': 0.0}",records100/00000/00001_lr,records500/00000/00001_hr\n'
    rows += '2,2.0,300.0,0,9,"{\'IMI\': 15.0, \'AFIB\': 0.0}",records100/00000/00002_lr,records500/00000/00002_hr\n'
    rows += '3,3.0,50.0,0,10,"{}",a/00003_lr,a/00003_hr\n'
    (tmp_path / "ptbxl_database.csv").write_text("ecg_id,patient_id,age,sex,strat_fold,scp_codes,filename_lr,filename_hr\n" + rows)
    found = own.ptbxl(tmp_path)
    assert "00003_lr" not in found, "the tenth fold is for testing"
    assert found["00001_lr"] is found["00001_hr"] and found["00001_lr"].rhythm == RHYTHM.codes.index("N")
    assert found["00001_lr"].person == {"age_years": 56.0, "sex_male": 0.0} and found["00002_hr"].person == {"age_years": 90.0, "sex_male": 1.0}
    assert flag(found["00002_hr"], "MI") == flag(found["00002_hr"], "IMI") == 1.0 and found["00002_hr"].rhythm == RHYTHM.codes.index("A")


def test_corrections(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("record,task,code,present,person,age,sex\nx,rhythm,A,1,p7,90+,M\nx,statement,LVH,0,p7,,\ny,superclass,MI,1,,,\n")
    found = own.corrections(tmp_path)
    assert found["x"].rhythm == RHYTHM.codes.index("A") and flag(found["x"], "LVH") == 0.0 and np.isnan(flag(found["x"], "CD"))
    assert found["x"].person == {"age_years": 90.0, "sex_male": 1.0} and found["x"].fold == own.fold_of("p7")
    assert found["y"].rhythm == -1 and flag(found["y"], "MI") == 1.0
    (tmp_path / "labels.csv").write_text("record,task,code,present\nx,rhythm,Z,1\n")
    with pytest.raises(ValueError, match="labels.csv:2"):
        own.corrections(tmp_path)


def test_what_the_application_writes_is_read_as_it_is() -> None:
    """The table that `efficientecg review export --training` writes; `tests/review.rs` holds that it writes exactly this one."""
    found = own.Own.parse(f"corrections:{Path(__file__).parent / 'fixtures' / 'corrections'}").labels()
    assert len(found) == 1
    labels = next(iter(found.values()))
    assert labels.rhythm == RHYTHM.codes.index("A")
    assert flag(labels, "CLBBB") == 1.0 and flag(labels, "MI") == 0.0 and np.isnan(flag(labels, "LVH"))
    assert 1 <= labels.fold <= 9


def test_a_folder_is_named_with_its_kind() -> None:
    assert own.Own.parse("snomed:/data/georgia").name == "georgia"
    with pytest.raises(ValueError, match="KIND:FOLDER"):
        own.Own.parse("/data/georgia")


def test_train_on_a_set_of_ones_own(tmp_path: Path, record_config: Config) -> None:
    rng = np.random.default_rng(0)
    names = [f"E{i}" for i in range(12)]
    write_snomed(tmp_path / "mine", {name: "426783006" if i % 2 else "164889003,164909002" for i, name in enumerate(names)})
    features = {"age_years": None, "sex_male": None, "rr_cv": 0.1}
    write_prepared(tmp_path / "prepared" / "mine", [(name, list(LEADS[:12]), synthetic_ecg(12, 1000, 100.0, rng), features, []) for name in names])
    mine = own.Own.parse(f"snomed:{tmp_path / 'mine'}")
    fit(small(record_config), tmp_path / "prepared", tmp_path, tmp_path / "run", None, "command", (), (mine,))
    assert Run.read(tmp_path / "run").records == {"mine": 12}
    assert len(records.load(tmp_path / "prepared", tmp_path, record_config, (), (mine,))) == 12
