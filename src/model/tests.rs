//! Both engines on the models in the binary.

use super::{
    inputs::Batch,
    selftest,
    store::{Stored, embedded, in_folder},
    *,
};
use crate::recording::{LeadName, StandardLead};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fs, path::Path};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Both engines where ONNX Runtime can be had, else the built-in one.
fn engines() -> Vec<Box<dyn Engine>> {
    let mut engines: Vec<Box<dyn Engine>> = vec![Box::new(Rten)];
    match OnnxRuntime::open(&Search::standard()) {
        Ok(runtime) => engines.push(Box::new(runtime)),
        Err(error) => {
            assert!(std::env::var_os("EFFICIENTECG_REQUIRE_ORT").is_none(), "ONNX Runtime is required here: {error}");
            println!("skipped: ONNX Runtime part ({error})");
        }
    }
    engines
}

fn cpu() -> LoadOptions {
    LoadOptions { provider: ProviderChoice::Only(Provider::Cpu), threads: None }
}

fn stored_of(kind: Kind) -> Result<Stored, Box<dyn std::error::Error>> {
    Ok(embedded()?.into_iter().find(|m| m.card.kind == kind).ok_or("no such model in the binary")?)
}

/// A made-up signal of about one beat a second; every lead differs.
fn signal(lead: usize, samples: usize, rate: f64) -> Vec<f32> {
    let at = |i: usize| {
        let t = i as f64 / rate + 0.01 * lead as f64;
        let beat = ((t % 0.9) - 0.4) / 0.02;
        (((-beat * beat / 2.0).exp() * (1.0 - 0.15 * lead as f64)) + 0.05 * (t * 7.0).sin()) as f32
    };
    (0..samples).map(at).collect()
}

fn twelve(samples: usize, rate: f64) -> Vec<(LeadName, Vec<f32>)> {
    StandardLead::ALL.iter().enumerate().map(|(i, lead)| ((*lead).into(), signal(i, samples, rate))).collect()
}

fn borrowed(leads: &[(LeadName, Vec<f32>)]) -> Vec<LeadSamples<'_>> {
    leads.iter().map(|(lead, samples)| LeadSamples { lead, samples }).collect()
}

fn features(card: &Card) -> BTreeMap<String, Option<f32>> {
    card.input.features.iter().map(|f| (f.name.clone(), Some(f.mean + 0.7 * f.sd))).collect()
}

/// How far a class's parts are from its logit.
fn off(class: &ClassAnswer) -> f64 {
    let parts = class.evidence.iter().copied().chain(class.features.iter().map(|f| f.contribution));
    (f64::from(class.logit) - f64::from(class.bias) - parts.map(f64::from).sum::<f64>()).abs()
}

#[test]
fn engines_compute_what_pytorch_computed_and_it_adds_up() -> Outcome {
    for engine in engines() {
        for stored in embedded()? {
            let vectors = selftest::parse(stored.vectors.as_deref().ok_or("no stored vectors")?)?;
            assert_eq!(vectors.sha256, stored.card.sha256);
            assert!(!vectors.cases.is_empty());
            for case in &vectors.cases {
                let (difference, sum) = match stored.card.kind {
                    Kind::Record => case.differences(RecordModel::load(engine.as_ref(), &stored, &cpu())?.loaded())?,
                    Kind::Beat => case.differences(BeatModel::load(engine.as_ref(), &stored, &cpu())?.loaded())?,
                    Kind::Waves => case.differences(WaveModel::load(engine.as_ref(), &stored, &cpu())?.loaded())?,
                };
                println!(
                    "{} {} `{}`: differs by {difference:.1e}, sum off by {sum:.1e}",
                    engine.info(),
                    stored.card.name,
                    case.name
                );
                assert!(difference < 1e-4, "{} `{}` differs by {difference}", engine.info(), case.name);
                assert!(sum < 1e-4, "{} `{}` is {sum} off its sum", engine.info(), case.name);
            }
        }
    }
    Ok(())
}

#[test]
fn a_record_is_answered_and_its_evidence_adds_up_to_the_logit() -> Outcome {
    let stored = stored_of(Kind::Record)?;
    for engine in engines() {
        let model = RecordModel::load(engine.as_ref(), &stored, &cpu())?;
        let card = model.card().clone();
        let features = features(&card);
        let leads = twelve((10.0 * card.input.rate_hz) as usize, card.input.rate_hz);
        let output = model.infer(&RecordInput { leads: borrowed(&leads), features: &features }, &|| false)?;
        assert_eq!(output.answers.len() + output.refused.len(), card.tasks.len());
        assert_eq!(output.refused, []);
        for (answer, task) in output.answers.iter().zip(&card.tasks) {
            assert_eq!(answer.task, task.task);
            assert_eq!(answer.leads.len(), 12);
            assert_eq!(answer.classes.len(), task.classes.len());
            for class in &answer.classes {
                assert_eq!(class.evidence.len(), answer.leads.len() * answer.tokens);
                assert!(off(class) < 1e-4, "{} {}: {} off", engine.info(), class.code, off(class));
                assert!((0.0..=1.0).contains(&class.probability));
            }
            if task.activation == Activation::Softmax {
                assert_eq!(answer.classes.iter().filter(|c| c.present).count(), 1);
                assert!((answer.classes.iter().map(|c| c.probability).sum::<f32>() - 1.0).abs() < 1e-5);
            }
        }
    }
    Ok(())
}

#[test]
fn one_lead_answers_the_rhythm_and_refuses_the_rest_with_the_reason() -> Outcome {
    let model = RecordModel::load(&Rten, &stored_of(Kind::Record)?, &cpu())?;
    let rate = model.card().input.rate_hz;
    let leads = [(LeadName::Other("ECG".to_owned()), signal(0, (9.0 * rate) as usize, rate))];
    let none = BTreeMap::new();
    let output = model.infer(&RecordInput { leads: borrowed(&leads), features: &none }, &|| false)?;
    assert!(output.answers.iter().any(|a| a.task == "rhythm" && a.leads == [LeadName::Other("ECG".to_owned())]));
    for class in output.answers.iter().flat_map(|a| &a.classes) {
        assert!(class.features.iter().all(|f| f.value.is_none() && f.contribution == 0.0), "unknown features add nothing");
    }
    let (_, reason) = output.refused.iter().find(|(task, _)| task == "superclass").ok_or("superclass was not refused")?;
    assert!(reason.contains("V1") && reason.contains("V6"), "{reason}");
    Ok(())
}

#[test]
fn what_is_not_valid_changes_nothing_and_what_is_too_short_or_empty_is_refused() -> Outcome {
    let model = RecordModel::load(&Rten, &stored_of(Kind::Record)?, &cpu())?;
    let (rate, features) = (model.card().input.rate_hz, features(model.card()));
    let ask =
        |leads: &[(LeadName, Vec<f32>)]| model.infer(&RecordInput { leads: borrowed(leads), features: &features }, &|| false);
    let plain = twelve((8.0 * rate) as usize, rate);
    let mut padded = plain.clone();
    for (_, samples) in &mut padded {
        samples.extend(std::iter::repeat_n(f32::NAN, (2.0 * rate) as usize));
    }
    let (a, b) = (ask(&plain)?, ask(&padded)?);
    for (a, b) in a.answers.iter().zip(&b.answers).flat_map(|(a, b)| a.classes.iter().zip(&b.classes)) {
        assert!((a.logit - b.logit).abs() < 1e-3, "{} {} {}", a.code, a.logit, b.logit);
    }
    let silent: Vec<_> = plain.iter().map(|(lead, s)| (lead.clone(), vec![f32::NAN; s.len()])).collect();
    for (leads, expected) in
        [(twelve((rate * 2.0) as usize, rate), "too short"), (silent, "no valid signal"), (Vec::new(), "too short")]
    {
        let output = ask(&leads)?;
        assert!(output.answers.is_empty());
        assert_eq!(output.refused.len(), model.card().tasks.len());
        assert!(output.refused.iter().all(|(_, reason)| reason.contains(expected)), "{:?}", output.refused);
    }
    let long = twelve((rate * 70.0) as usize, rate);
    assert!(ask(&long)?.refused.iter().all(|(_, reason)| reason.contains("too long")));
    Ok(())
}

#[test]
fn windows_are_answered_as_if_alone() -> Outcome {
    let model = RecordModel::load(&Rten, &stored_of(Kind::Record)?, &cpu())?;
    let (rate, features) = (model.card().input.rate_hz, features(model.card()));
    let windows: Vec<_> = (0..20).map(|i| twelve(((7.0 + f64::from(i % 3)) * rate) as usize, rate)).collect();
    let inputs: Vec<_> = windows.iter().map(|leads| RecordInput { leads: borrowed(leads), features: &features }).collect();
    let mut heard = 0;
    let together = model.infer_windows(&inputs, Detail::Summary, &|| false, &mut |done| heard = done)?;
    assert_eq!((together.len(), heard), (20, 20));
    for (input, output) in inputs.iter().zip(&together) {
        let alone = model.infer(input, &|| false)?;
        for (a, b) in alone.answers.iter().zip(&output.answers).flat_map(|(a, b)| a.classes.iter().zip(&b.classes)) {
            assert!((a.probability - b.probability).abs() < 1e-4);
            assert!(b.evidence.is_empty() && b.features.is_empty());
        }
    }
    let cancelled = model.infer_windows(&inputs, Detail::Summary, &|| true, &mut |_| {});
    assert_eq!(cancelled, Err(ModelError::Cancelled));
    Ok(())
}

#[test]
fn beats_are_answered_to_the_edges_of_the_signal() -> Outcome {
    let mut stored = stored_of(Kind::Beat)?;
    stored.card.familiarity = None; // what is simulated here is unlike any patient's signal
    for engine in engines() {
        let model = BeatModel::load(engine.as_ref(), &stored, &cpu())?;
        let card = model.card().clone();
        let rate = card.input.rate_hz;
        let leads = [
            (LeadName::parse("V5"), signal(1, (30.0 * rate) as usize, rate)),
            (LeadName::parse("MLII"), signal(0, (30.0 * rate) as usize, rate)),
            (LeadName::parse("V1"), signal(2, (30.0 * rate) as usize, rate)),
        ];
        let mut peaks: Vec<f64> = (0..300).map(|i| f64::from(i) * 9.7).collect();
        peaks.extend([30.0 * rate - 0.4, 1e9, -1e9, f64::NAN]);
        let feature = |beat: usize, name: &str| (name == "rr_base_ratio" && beat > 0).then_some(0.9);
        let input = BeatInput { leads: borrowed(&leads), peaks: &peaks, feature: &feature };
        let output = model.infer(&input, Detail::Full, &|| false, &mut |_| {})?;
        assert_eq!(output.leads, [LeadName::parse("MLII"), LeadName::parse("V1")], "preferred leads, at most two");
        assert_eq!(output.beats.len(), peaks.len());
        assert!(output.beats[..301].iter().all(Option::is_some), "a beat at the very edge is answered");
        assert!(output.beats[301..].iter().all(Option::is_none), "nothing is said where there is no signal");
        let mut named = 0;
        for beat in output.beats.iter().flatten() {
            assert!((beat.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            assert!(beat.classes.iter().all(|class| off(class) < 1e-4));
            assert_eq!(beat.classes[beat.class].probability, beat.probability);
            named += 1;
        }
        assert!(named >= 301);
        let short = model.infer(&input, Detail::Summary, &|| false, &mut |_| {})?;
        for (full, short) in output.beats.iter().flatten().zip(short.beats.iter().flatten()) {
            assert_eq!(full.class, short.class);
            assert!(short.classes.is_empty());
        }
        assert_eq!(model.infer(&input, Detail::Summary, &|| true, &mut |_| {}), Err(ModelError::Cancelled));
        let nothing = BeatInput { leads: Vec::new(), peaks: &peaks, feature: &feature };
        assert!(matches!(model.infer(&nothing, Detail::Full, &|| false, &mut |_| {}), Err(ModelError::Input { .. })));
    }
    Ok(())
}

#[test]
fn tokens_are_valid_from_half_valid_samples_on() -> Outcome {
    let card = stored_of(Kind::Record)?.card;
    let hop = card.input.hop;
    let mut samples = vec![100.0; hop * 3];
    samples[..hop / 2].fill(f32::NAN);
    samples[hop..hop + hop / 2 + 1].fill(f32::NAN);
    let mut batch = Batch::new(&card, 1, 4);
    batch.push_lead(0, &samples, 0, hop * 4);
    batch.end_row(|_| None);
    assert_eq!(batch.len(), 1);
    assert_eq!(batch.mask(), [1.0, 0.0, 1.0, 0.0]);
    assert!(batch.signal().iter().all(|v| *v == 0.0 || *v == card.input.clip_mv), "clipped, and 0 where not valid");
    Ok(())
}

#[test]
fn without_a_library_the_built_in_engine_answers_and_says_why() -> Outcome {
    let folder = tempfile::tempdir()?;
    let text = folder.path().join(LIBRARY_FILE_NAME);
    fs::write(&text, "no library")?;
    for (path, expected) in [(folder.path().join("none"), "no "), (text, "not a library")] {
        let library = Some(Search::file(path));
        let set = ModelSet::open(&ModelOptions { library: library.clone(), ..ModelOptions::default() })?;
        assert!(set.in_use.engine.starts_with("rten "));
        assert_eq!(set.in_use.provider, Provider::Cpu);
        let note = set.in_use.note.ok_or("no reason is given")?;
        assert!(note.contains(expected), "{note}");
        let forced = ModelSet::open(&ModelOptions {
            library: library.clone(),
            engine: EngineChoice::OnnxRuntime,
            ..ModelOptions::default()
        });
        assert!(matches!(forced, Err(ModelError::Engine(EngineError::Unavailable { .. }))));
        let reports = providers(&ModelOptions { library, ..ModelOptions::default() })?;
        assert_eq!(reports.iter().map(|r| r.available).collect::<Vec<_>>(), [false, true]);
    }
    Ok(())
}

#[test]
fn a_provider_asked_for_by_name_is_never_replaced_silently() -> Outcome {
    let cuda = ProviderChoice::Only(Provider::Cuda);
    let set = ModelSet::open(&ModelOptions { engine: EngineChoice::Rten, provider: cuda, ..ModelOptions::default() });
    assert!(matches!(set, Err(ModelError::Engine(EngineError::Provider { provider: Provider::Cuda, .. }))));
    let absent = if cfg!(windows) { Provider::CoreMl } else { Provider::DirectMl };
    for engine in engines() {
        let options = LoadOptions { provider: ProviderChoice::Only(absent), threads: None };
        let stored = stored_of(Kind::Beat)?;
        let refused = BeatModel::load(engine.as_ref(), &stored, &options);
        assert!(matches!(refused, Err(ModelError::Engine(EngineError::Provider { .. }))), "{}", engine.info());
        let auto = BeatModel::load(
            engine.as_ref(),
            &stored,
            &LoadOptions { threads: std::num::NonZeroUsize::new(1), ..LoadOptions::default() },
        )?;
        assert!(auto.assignment().nodes.is_empty() || auto.assignment().nodes.values().sum::<usize>() > 10);
    }
    Ok(())
}

/// A folder with one embedded model, its card changed by `change`.
fn folder_with(
    kind: Kind,
    change: impl Fn(&mut Card),
    graph: impl Fn(&mut Vec<u8>),
) -> Result<tempfile::TempDir, Box<dyn std::error::Error>> {
    let stored = stored_of(kind)?;
    let folder = tempfile::tempdir()?;
    let (mut card, mut bytes) = (stored.card.clone(), stored.graph.into_owned());
    change(&mut card);
    graph(&mut bytes);
    fs::write(folder.path().join("m.json"), serde_json::to_string(&card)?)?;
    fs::write(folder.path().join("m.onnx"), bytes)?;
    Ok(folder)
}

fn open_folder(folder: &Path, engine: EngineChoice) -> Result<ModelSet, ModelError> {
    ModelSet::open(&ModelOptions { models: Some(folder.to_path_buf()), engine, ..ModelOptions::default() })
}

#[test]
fn a_model_of_ones_own_is_read_from_a_folder() -> Outcome {
    let folder = folder_with(Kind::Beat, |card| card.name = "mine".to_owned(), |_| {})?;
    let set = open_folder(folder.path(), EngineChoice::Auto)?;
    assert_eq!(set.beats.iter().map(|m| m.card().name.as_str()).collect::<Vec<_>>(), ["mine"]);
    assert!(set.records.is_empty());
    Ok(())
}

#[test]
fn a_damaged_graph_is_refused_before_any_engine_sees_it() -> Outcome {
    let damages: [fn(&mut Vec<u8>); 3] = [
        |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        },
        |bytes| bytes.truncate(bytes.len() / 2),
        Vec::clear,
    ];
    for damage in damages {
        let folder = folder_with(Kind::Record, |_| {}, damage)?;
        for engine in [EngineChoice::Auto, EngineChoice::Rten] {
            assert!(matches!(open_folder(folder.path(), engine), Err(ModelError::Card(CardError::Hash { .. }))));
        }
    }
    // With the right hash of an empty file, the missing inputs are seen.
    let empty = |card: &mut Card| card.sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned();
    let folder = folder_with(Kind::Record, empty, Vec::clear)?;
    assert!(open_folder(folder.path(), EngineChoice::Rten).is_err());
    assert!(open_folder(folder.path(), EngineChoice::Auto).is_err());
    Ok(())
}

#[test]
fn a_card_that_does_not_fit_its_graph_is_refused_by_both_engines() -> Outcome {
    type Change = (&'static str, fn(&mut Card));
    let changes: [Change; 3] = [
        ("features", |card| drop(card.input.features.pop())),
        ("classes", |card| card.tasks[0].classes[0].output = 50),
        ("hop", |card| card.input.hop = 5),
    ];
    for (what, change) in changes {
        let folder = folder_with(Kind::Record, change, |_| {})?;
        let stored = in_folder(folder.path())?.pop().ok_or("no model")?;
        for engine in engines() {
            let refused = RecordModel::load(engine.as_ref(), &stored, &cpu());
            assert!(refused.is_err(), "{what}: {} took it", engine.info());
        }
    }
    let folder = folder_with(Kind::Record, |_| {}, |_| {})?;
    let stored = in_folder(folder.path())?.pop().ok_or("no model")?;
    assert!(BeatModel::load(&Rten, &stored, &cpu()).is_err(), "a record model is no beat model");
    Ok(())
}

#[test]
fn an_engine_that_computes_something_else_fails_the_self_test() -> Outcome {
    let mut stored = stored_of(Kind::Beat)?;
    let text = stored.vectors.clone().ok_or("no vectors")?;
    let mut json: serde_json::Value = serde_json::from_str(&text)?;
    let logit = &mut json["cases"][0]["outputs"]["logits"]["data"][0];
    *logit = (logit.as_f64().ok_or("no logit")? + 0.01).into();
    stored.vectors = Some(json.to_string().into());
    for engine in engines() {
        assert!(matches!(BeatModel::load(engine.as_ref(), &stored, &cpu()), Err(ModelError::SelfTest { .. })));
    }
    stored.vectors = None;
    assert!(BeatModel::load(&Rten, &stored, &cpu()).is_ok(), "without stored vectors a silent input is tried");
    Ok(())
}

#[test]
fn cards_that_contradict_themselves_are_refused_with_the_field() -> Outcome {
    let json: serde_json::Value = serde_json::to_value(stored_of(Kind::Record)?.card)?;
    let changes = [
        ("/schema", serde_json::json!("efficientecg.card/9"), "schema"),
        ("/sha256", serde_json::json!("xyz"), "sha256"),
        ("/input/rate_hz", serde_json::json!(0.0), "rate_hz"),
        ("/input/clip_mv", serde_json::json!(-1.0), "clip_mv"),
        ("/input/hop", serde_json::json!(0), "hop"),
        ("/input/features/0/sd", serde_json::json!(0.0), "features"),
        ("/input/window/max_s", serde_json::json!(1e9), "window"),
        ("/input/leads", serde_json::json!(["I", "II"]), "leads"),
        ("/tasks", serde_json::json!([]), "tasks"),
        ("/tasks/0/classes/1/output", serde_json::json!(0), "belongs to two"),
        ("/tasks/0/classes/0/threshold", serde_json::json!(7.0), "threshold"),
        ("/tasks/0/classes/0/uncertain", serde_json::json!([0.9, 0.1]), "uncertain"),
        ("/tasks/0/calibration", serde_json::json!({"kind": "temperature", "temperature": 0.0}), "calibration"),
        ("/tasks/0/calibration", serde_json::json!({"kind": "isotonic", "curves": {}}), "calibration"),
        ("/tasks/0/requires_leads", serde_json::json!([["V9"]]), "requires_leads"),
        ("/kind", serde_json::json!("beat"), "window"),
    ];
    for (pointer, value, expected) in changes {
        let mut changed = json.clone();
        *changed.pointer_mut(pointer).ok_or(pointer)? = value;
        let error = Card::parse("x.json", &changed.to_string()).err().ok_or(pointer)?.to_string();
        assert!(error.contains(expected) && error.contains("x.json"), "{pointer}: {error}");
    }
    let mut extra = json;
    extra["something_new"] = serde_json::json!({"a": 1});
    assert!(Card::parse("x.json", &extra.to_string()).is_ok(), "a newer card with more fields still works");
    assert!(matches!(Card::parse("x.json", "{"), Err(CardError::Form { .. })));
    Ok(())
}

#[test]
fn the_version_of_the_built_in_engine_is_the_locked_one() -> Outcome {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"))?;
    let version = Rten.info().version;
    assert!(lock.contains(&format!("name = \"rten\"\nversion = \"{version}\"")), "rten {version} is not in Cargo.lock");
    Ok(())
}

/// `tests/fixtures/tiny`, whose `distance` is the largest absolute voltage, with its card changed.
fn tiny(change: impl Fn(&mut Card)) -> Result<Stored, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny");
    let mut stored = in_folder(&folder)?.pop().ok_or("no tiny model")?;
    change(&mut stored.card);
    Ok(stored)
}

#[test]
fn inputs_unlike_those_of_the_training_are_refused_and_others_are_not() -> Outcome {
    let lead =
        |name: &str, height: f32| (LeadName::parse(name), (0..1000).map(|i| if i % 90 == 40 { height } else { 0.0 }).collect());
    let limit = |with_leads: &[(LeadName, Vec<f32>)], model: &RecordModel| {
        let none = BTreeMap::new();
        let near = [lead("I", 0.5)];
        let inputs = [with_leads, &near].map(|leads| RecordInput { leads: borrowed(leads), features: &none });
        let outputs = model.infer_windows(&inputs, Detail::Summary, &|| false, &mut |_| {})?;
        assert_eq!((outputs[1].answers.len(), outputs[1].refused.len()), (1, 0), "the input beside it is answered");
        let far: Vec<String> = outputs[0].refused.iter().map(|(_, reason)| reason.clone()).collect();
        assert_eq!(outputs[0].answers.len(), 1 - far.len());
        Ok::<_, ModelError>(far)
    };
    for engine in engines() {
        let model = RecordModel::load(engine.as_ref(), &tiny(|_| {})?, &cpu())?;
        assert_eq!(limit(&[lead("I", 1.0), lead("II", -3.9)], &model)?, [""; 0]);
        let far = "unlike the recordings the model was trained on (distance 4.2, limit 4.0)";
        assert_eq!(limit(&[lead("I", 1.0), lead("II", -4.2)], &model)?, [far]);
        let one = "unlike the recordings the model was trained on (distance 3.5, limit 3.0)";
        assert_eq!(limit(&[lead("I", 3.5)], &model)?, [one], "one lead has a limit of its own");
        // Without a limit on the card the output is not asked for.
        let model = RecordModel::load(engine.as_ref(), &tiny(|card| card.familiarity = None)?, &cpu())?;
        assert_eq!(limit(&[lead("I", 4.9)], &model)?, [""; 0]);
    }
    Ok(())
}

#[test]
fn beats_unlike_those_of_the_training_get_no_class() -> Outcome {
    let stored = tiny(|card| {
        card.kind = Kind::Beat;
        card.input.window = Window::Beat { before_s: 0.3, after_s: 0.3, max_leads: 2 };
    })?;
    let samples: Vec<f32> = (0..1000)
        .map(|i| {
            if i == 500 {
                4.5
            } else if i % 100 == 0 {
                1.0
            } else {
                0.0
            }
        })
        .collect();
    let peaks: Vec<f64> = (1..10).map(|i| f64::from(i) * 100.0).collect();
    for engine in engines() {
        let model = BeatModel::load(engine.as_ref(), &stored, &cpu())?;
        let lead = LeadName::parse("II");
        let input =
            BeatInput { leads: vec![LeadSamples { lead: &lead, samples: &samples }], peaks: &peaks, feature: &|_, _| None };
        let output = model.infer(&input, Detail::Summary, &|| false, &mut |_| {})?;
        let answered: Vec<bool> = output.beats.iter().map(Option::is_some).collect();
        assert_eq!(answered, [true, true, true, true, false, true, true, true, true]);
        let (count, reason) = output.unfamiliar.ok_or("the reason is kept")?;
        assert!(count == 1 && reason.contains("distance 4.5, limit 3.0"), "{count} {reason}");
    }
    Ok(())
}

#[test]
fn a_limit_that_is_none_or_cannot_be_kept_is_refused() -> Outcome {
    let json: serde_json::Value = serde_json::to_value(tiny(|_| {})?.card)?;
    for (pointer, value) in
        [("/familiarity/limit", serde_json::json!(0.0)), ("/familiarity/lead_counts/1", serde_json::json!(-1.0))]
    {
        let mut changed = json.clone();
        *changed.pointer_mut(pointer).ok_or(pointer)? = value;
        let error = Card::parse("x.json", &changed.to_string()).err().ok_or(pointer)?.to_string();
        assert!(error.contains("familiarity"), "{pointer}: {error}");
    }
    let mut waves = stored_of(Kind::Waves)?.card;
    waves.familiarity = Some(Familiarity { limit: 1.0, ..Familiarity::default() });
    assert!(Card::parse("x.json", &serde_json::to_string(&waves)?).is_err(), "a wave model has no distance");
    let mut without = tiny(|_| {})?;
    // The same graph, whose output has another name.
    let name = b"distance";
    let places: Vec<usize> = (0..without.graph.len()).filter(|at| without.graph[*at..].starts_with(name)).collect();
    assert!(!places.is_empty());
    for at in places {
        without.graph.to_mut()[at + name.len() - 1] = b'x';
    }
    without.card.sha256 = super::card::hex(&Sha256::digest(&without.graph));
    for engine in engines() {
        let error = RecordModel::load(engine.as_ref(), &without, &cpu()).err().ok_or("taken")?.to_string();
        assert!(error.contains("distance"), "{error}");
    }
    Ok(())
}
