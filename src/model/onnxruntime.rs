//! ONNX Runtime through `ort`, loaded at run time.
//!
//! The library is loaded once a process (its environment cannot be made twice); `ort` panics when it has to find the library by
//! itself, so it is never asked to.

use super::{
    engine::{Assignment, ElementType, Engine, EngineError, EngineInfo, LoadOptions, Port, Provider, Session, Tensor},
    library::{self, Attempt, FILE_NAME, Search, VARIABLE},
    silence::is_silenced,
};
use ort::{
    AsPointer,
    ep::{self, ExecutionProviderDispatch},
    session::{SessionInputValue, builder::SessionBuilder},
    value::{Outlet, TensorElementType, TensorRef, ValueType},
};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    ffi::{CStr, c_char},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    ptr,
    sync::{Arc, Mutex, PoisonError},
};

const NAME: &str = "onnxruntime";

/// The library of this process, once one was loaded.
static LOADED: Mutex<Option<OnnxRuntime>> = Mutex::new(None);

/// ONNX Runtime, loaded.
#[derive(Clone)]
pub struct OnnxRuntime {
    path: PathBuf,
    version: String,
    environment: ort::environment::Environment,
    /// Keeps the library open.
    _library: Arc<library::Probed>,
}

impl OnnxRuntime {
    /// Loads the first usable library of the search, once a process; later calls get the same one.
    ///
    /// # Errors
    /// [`EngineError::Unavailable`], naming every file tried and what is wrong with it, or the places where none was found.
    pub fn open(search: &Search) -> Result<Self, EngineError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        let mut attempts = Vec::new();
        for path in search.candidates.iter().filter(|path| path.exists()) {
            let path = path.canonicalize().unwrap_or_else(|_| path.clone());
            if let Some(runtime) = loaded.as_ref() {
                if runtime.path == path {
                    return Ok(runtime.clone());
                }
                let other = || format!("{} is already loaded in this process", runtime.path.display());
                let reason = library::check_file(&path).err().unwrap_or_else(other);
                attempts.push(Attempt { path, reason });
                continue;
            }
            match Self::load_library(&path) {
                Ok(runtime) => {
                    tracing::info!("ONNX Runtime {} from {}", runtime.version, runtime.path.display());
                    *loaded = Some(runtime.clone());
                    return Ok(runtime);
                }
                Err(reason) => attempts.push(Attempt { path, reason }),
            }
        }
        Err(EngineError::Unavailable { engine: "ONNX Runtime".to_owned(), reason: why_not(search, &attempts) })
    }

    /// The library's file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn load_library(path: &Path) -> Result<Self, String> {
        if !is_silenced() {
            return Err("it would report its use to its maker: ORT_DISABLE_TELEMETRY=1 is not set".to_owned());
        }
        let probed = library::probe(path)?;
        let logger = Arc::new(|level: ort::logging::LogLevel, _: &str, _: &str, _: &str, message: &str| match level {
            // ONNX Runtime reports as errors what the caller also gets as a result, and handles.
            ort::logging::LogLevel::Error | ort::logging::LogLevel::Fatal => tracing::debug!(target: NAME, "{message}"),
            _ => tracing::trace!(target: NAME, "{message}"),
        });
        let environment = catch_unwind(AssertUnwindSafe(|| {
            let builder = ort::init_from(path).map_err(|e| e.to_string())?;
            let builder = builder.with_name("efficientecg").with_telemetry(false).with_logger(logger);
            builder.build().map_err(|e| e.to_string())
        }))
        .map_err(|_| "it cannot be initialised".to_owned())??;
        Ok(Self { path: path.to_path_buf(), version: probed.version.clone(), environment, _library: Arc::new(probed) })
    }

    fn try_provider(&self, graph: &str, bytes: &[u8], options: &LoadOptions, provider: Provider) -> Result<OrtSession, Refused> {
        let mut builder = self.builder(options, provider).map_err(|e| Refused::Load(e.to_string()))?;
        if let Some(dispatch) = dispatch(provider) {
            dispatch.register(&mut builder).map_err(|e| Refused::Provider(cause(&e.to_string())))?;
        }
        let session = builder.commit_from_memory(bytes).map_err(|e| match provider {
            Provider::Cpu => Refused::Load(one_line(&e.to_string())),
            _ => Refused::Provider(cause(&e.to_string())),
        })?;
        let nodes = assigned_nodes(&session).map_err(|e| Refused::Load(one_line(&e.to_string())))?;
        let most = nodes.iter().max_by_key(|(_, count)| **count).and_then(|(name, _)| provider_named(name));
        if most.is_some_and(|most| most != provider) || (most.is_none() && provider != Provider::Cpu) {
            return Err(Refused::Provider(format!("it would run only a part of the model ({})", describe_nodes(&nodes))));
        }
        Ok(OrtSession {
            graph: graph.to_owned(),
            engine: self.info().to_string(),
            inputs: session.inputs().iter().map(port).collect(),
            outputs: session.outputs().iter().map(port).collect(),
            assignment: Assignment { provider, nodes },
            session: Mutex::new(session),
        })
    }

    fn builder(&self, options: &LoadOptions, provider: Provider) -> ort::Result<SessionBuilder> {
        let mut builder = ort::session::Session::builder(&self.environment)?
            // Without it the session cannot say what really runs it.
            .with_config_entry("session.record_ep_graph_assignment_info", "1")?
            // Idle threads of a desktop program must not spin.
            .with_intra_op_spinning(false)?;
        if let Some(threads) = options.threads {
            builder = builder.with_intra_threads(threads.get())?;
        }
        if provider == Provider::DirectMl {
            // DirectML supports neither memory patterns nor parallel execution of a graph.
            builder = builder.with_memory_pattern(false)?.with_parallel_execution(false)?;
        }
        Ok(builder)
    }
}

enum Refused {
    Provider(String),
    Load(String),
}

impl Engine for OnnxRuntime {
    fn info(&self) -> EngineInfo {
        EngineInfo { name: NAME.to_owned(), version: self.version.clone() }
    }

    fn load(&self, graph: &str, bytes: &[u8], options: &LoadOptions) -> Result<Box<dyn Session>, EngineError> {
        let engine = self.info().to_string();
        let provider = options.provider.provider();
        match self.try_provider(graph, bytes, options, provider) {
            Ok(session) => Ok(Box::new(session)),
            Err(Refused::Load(reason)) => Err(EngineError::Load { engine, graph: graph.to_owned(), reason }),
            Err(Refused::Provider(reason)) => Err(EngineError::Provider { engine, provider, reason }),
        }
    }
}

struct OrtSession {
    graph: String,
    engine: String,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    assignment: Assignment,
    session: Mutex<ort::session::Session>,
}

impl Session for OrtSession {
    fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    fn outputs(&self) -> &[Port] {
        &self.outputs
    }

    fn assignment(&self) -> &Assignment {
        &self.assignment
    }

    fn run(&self, inputs: &[(&str, &Tensor)], outputs: &[&str]) -> Result<Vec<Tensor>, EngineError> {
        self.run_inner(inputs, outputs).map_err(|reason| EngineError::Run {
            engine: self.engine.clone(),
            graph: self.graph.clone(),
            reason: one_line(&reason),
        })
    }
}

impl OrtSession {
    fn run_inner(&self, inputs: &[(&str, &Tensor)], outputs: &[&str]) -> Result<Vec<Tensor>, String> {
        let given = inputs
            .iter()
            .map(|(name, tensor)| {
                let value: SessionInputValue<'_> = match tensor {
                    Tensor::F32 { shape, data } => {
                        TensorRef::from_array_view((shape.as_slice(), data.as_slice())).map(Into::into)
                    }
                    Tensor::I64 { shape, data } => {
                        TensorRef::from_array_view((shape.as_slice(), data.as_slice())).map(Into::into)
                    }
                }
                .map_err(|e| format!("input `{name}`: {e}"))?;
                Ok((Cow::from((*name).to_owned()), value))
            })
            .collect::<Result<Vec<_>, String>>()?;
        if let Some(missing) = self.inputs.iter().find(|port| inputs.iter().all(|(name, _)| *name != port.name)) {
            return Err(format!("input `{}` is missing", missing.name));
        }
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let results = session.run(given).map_err(|e| e.to_string())?;
        outputs
            .iter()
            .map(|name| {
                let value = results.get(name).ok_or_else(|| format!("it has no output `{name}`"))?;
                let (shape, data) = value.try_extract_tensor::<f32>().map_err(|e| format!("output `{name}`: {e}"))?;
                let shape = shape
                    .iter()
                    .map(|d| usize::try_from(*d))
                    .collect::<Result<Vec<_>, _>>()
                    .map_err(|e| format!("output `{name}`: {e}"))?;
                Tensor::f32(shape, data.to_vec()).map_err(|e| e.to_string())
            })
            .collect()
    }
}

fn dispatch(provider: Provider) -> Option<ExecutionProviderDispatch> {
    match provider {
        Provider::Cpu => None,
        Provider::Cuda => Some(
            // Rounded products of the tensor cores would fail the self-test and differ from every other engine.
            ep::CUDA::default()
                .with_tf32(false)
                // Every number of beats is a shape of its own: trying all algorithms for each takes longer than any of them.
                .with_conv_algorithm_search(ep::cuda::ConvAlgorithmSearch::Heuristic)
                .build(),
        ),
        Provider::DirectMl => Some(ep::DirectML::default().build()),
        Provider::CoreMl => Some(ep::CoreML::default().build()),
    }
}

fn provider_named(name: &str) -> Option<Provider> {
    match name {
        "CPUExecutionProvider" => Some(Provider::Cpu),
        "CUDAExecutionProvider" => Some(Provider::Cuda),
        "DmlExecutionProvider" => Some(Provider::DirectMl),
        "CoreMLExecutionProvider" => Some(Provider::CoreMl),
        _ => None,
    }
}

fn port(outlet: &Outlet) -> Port {
    let (element, shape) = match outlet.dtype() {
        ValueType::Tensor { ty, shape, .. } => {
            let element = match ty {
                TensorElementType::Float32 => ElementType::F32,
                TensorElementType::Int64 => ElementType::I64,
                _ => ElementType::Other,
            };
            (element, Some(shape.iter().map(|d| usize::try_from(*d).ok()).collect()))
        }
        _ => (ElementType::Other, None),
    };
    Port { name: outlet.name().to_owned(), element, shape }
}

/// Asks the session which provider was given how many nodes of the graph.
fn assigned_nodes(session: &ort::session::Session) -> ort::Result<BTreeMap<String, usize>> {
    let api = ort::api();
    let mut nodes = BTreeMap::new();
    let mut subgraphs: *const *const ort::sys::OrtEpAssignedSubgraph = ptr::null();
    let mut count = 0usize;
    // SAFETY: the session is alive for the whole function and owns the subgraphs, their names and node lists; every pointer is
    // checked before it is read; `count` is what the same call returned with the list.
    unsafe {
        ort::Error::result_from_status((api.Session_GetEpGraphAssignmentInfo)(
            session.ptr(),
            &raw mut subgraphs,
            &raw mut count,
        ))?;
        for index in 0..if subgraphs.is_null() { 0 } else { count } {
            let subgraph = *subgraphs.add(index);
            if subgraph.is_null() {
                continue;
            }
            let mut name: *const c_char = ptr::null();
            ort::Error::result_from_status((api.EpAssignedSubgraph_GetEpName)(subgraph, &raw mut name))?;
            let mut list: *const *const ort::sys::OrtEpAssignedNode = ptr::null();
            let mut members = 0usize;
            ort::Error::result_from_status((api.EpAssignedSubgraph_GetNodes)(subgraph, &raw mut list, &raw mut members))?;
            if !name.is_null() {
                *nodes.entry(CStr::from_ptr(name).to_string_lossy().into_owned()).or_insert(0) += members;
            }
        }
    }
    Ok(nodes)
}

fn describe_nodes(nodes: &BTreeMap<String, usize>) -> String {
    if nodes.is_empty() {
        return "no node is assigned to it".to_owned();
    }
    nodes.iter().map(|(name, count)| format!("{name} {count} nodes")).collect::<Vec<_>>().join(", ")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a reader can use of ONNX Runtime's message: without the place in its source and its status code.
fn cause(text: &str) -> String {
    const STATUS: &str = " : FAIL : ";
    let text = one_line(text);
    text.rfind(STATUS).and_then(|at| text.get(at + STATUS.len()..)).map_or(text.clone(), str::to_owned)
}

fn why_not(search: &Search, attempts: &[Attempt]) -> String {
    if !attempts.is_empty() {
        return attempts.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    }
    if search.named_by_variable {
        let named = search.candidates.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
        return format!("{VARIABLE} names {named}, which does not exist");
    }
    format!("no {FILE_NAME} was found; `cargo xtask setup` fetches it, or set {VARIABLE} to the file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_cut_to_what_a_reader_can_use() {
        let message =
            "/src/core/provider_bridge.cc:2043 Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load libcuda.so:\n no such file";
        assert_eq!(cause(message), "Failed to load libcuda.so: no such file");
        assert_eq!(cause("plain\n text"), "plain text");
    }
}
