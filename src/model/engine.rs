//! What an inference engine is to this application: it loads a graph and runs it on plain tensors.

use std::{collections::BTreeMap, fmt, num::NonZeroUsize};

/// A dense tensor in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub enum Tensor {
    /// 32-bit floats.
    F32 {
        /// Sizes of the dimensions.
        shape: Vec<usize>,
        /// As many values as the product of `shape`.
        data: Vec<f32>,
    },
    /// 64-bit integers.
    I64 {
        /// Sizes of the dimensions.
        shape: Vec<usize>,
        /// As many values as the product of `shape`.
        data: Vec<i64>,
    },
}

impl Tensor {
    /// A tensor of floats.
    ///
    /// # Errors
    /// [`EngineError::Shape`] when `data` has not as many values as `shape` says.
    pub fn f32(shape: impl Into<Vec<usize>>, data: Vec<f32>) -> Result<Self, EngineError> {
        let shape = shape.into();
        check_shape(&shape, data.len())?;
        Ok(Self::F32 { shape, data })
    }

    /// A tensor of integers.
    ///
    /// # Errors
    /// [`EngineError::Shape`] when `data` has not as many values as `shape` says.
    pub fn i64(shape: impl Into<Vec<usize>>, data: Vec<i64>) -> Result<Self, EngineError> {
        let shape = shape.into();
        check_shape(&shape, data.len())?;
        Ok(Self::I64 { shape, data })
    }

    /// Sizes of the dimensions.
    pub fn shape(&self) -> &[usize] {
        match self {
            Self::F32 { shape, .. } | Self::I64 { shape, .. } => shape,
        }
    }

    /// The floats; empty for integers.
    pub fn floats(&self) -> &[f32] {
        match self {
            Self::F32 { data, .. } => data,
            Self::I64 { .. } => &[],
        }
    }
}

fn check_shape(shape: &[usize], len: usize) -> Result<(), EngineError> {
    let product = shape.iter().try_fold(1usize, |p, d| p.checked_mul(*d));
    if product == Some(len) { Ok(()) } else { Err(EngineError::Shape { shape: shape.to_vec(), len }) }
}

/// Type of a graph input or output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementType {
    /// 32-bit float.
    F32,
    /// 64-bit integer (also what an engine holds as a narrower integer).
    I64,
    /// Anything else, or not known before the graph runs.
    Other,
}

/// An input or output of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// Name.
    pub name: String,
    /// Element type.
    pub element: ElementType,
    /// Dimensions, `None` where dynamic; `None` altogether where the graph does not say.
    pub shape: Option<Vec<Option<usize>>>,
}

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// The processor.
    Cpu,
    /// NVIDIA GPUs.
    Cuda,
    /// GPUs on Windows.
    DirectMl,
    /// GPU and neural engine on macOS.
    CoreMl,
}

impl Provider {
    /// All providers the application knows.
    pub const ALL: [Self; 4] = [Self::Cuda, Self::DirectMl, Self::CoreMl, Self::Cpu];
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "CPU",
            Self::Cuda => "CUDA",
            Self::DirectMl => "DirectML",
            Self::CoreMl => "CoreML",
        })
    }
}

/// Which provider to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ProviderChoice {
    /// The processor: networks as small as these lose more on the way to a graphics card than they gain there.
    #[default]
    Auto,
    /// This one, or an error.
    Only(Provider),
}

impl ProviderChoice {
    /// The provider that is meant.
    pub fn provider(self) -> Provider {
        match self {
            Self::Auto => Provider::Cpu,
            Self::Only(provider) => provider,
        }
    }
}

impl fmt::Display for ProviderChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Only(provider) => write!(f, "{}", provider.to_string().to_ascii_lowercase()),
        }
    }
}

/// How a graph is loaded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// What is to compute.
    pub provider: ProviderChoice,
    /// Threads within one operation; `None`: the engine's own choice.
    pub threads: Option<NonZeroUsize>,
}

/// An engine's name and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineInfo {
    /// `onnxruntime` or `rten`.
    pub name: String,
    /// Version of the library.
    pub version: String,
}

impl fmt::Display for EngineInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// What really runs a loaded graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The provider that runs most of the graph.
    pub provider: Provider,
    /// Number of the graph's nodes by provider, as the engine reports them; empty where it does not report any.
    pub nodes: BTreeMap<String, usize>,
}

/// Why an engine, a graph or a run failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The engine is not available on this machine.
    #[error("{engine} cannot be used: {reason}")]
    Unavailable {
        /// Engine.
        engine: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The provider asked for cannot run the graph.
    #[error("{engine} cannot run the model on {provider}: {reason}; choose another --provider, or auto")]
    Provider {
        /// Engine.
        engine: String,
        /// Provider asked for.
        provider: Provider,
        /// Why.
        reason: String,
    },
    /// The graph could not be loaded.
    #[error("{graph}: {engine} cannot load it ({reason})")]
    Load {
        /// Engine.
        engine: String,
        /// Name of the graph.
        graph: String,
        /// Why.
        reason: String,
    },
    /// The graph could not be run.
    #[error("{graph}: {engine} failed while computing ({reason})")]
    Run {
        /// Engine.
        engine: String,
        /// Name of the graph.
        graph: String,
        /// Why.
        reason: String,
    },
    /// A tensor whose shape and number of values differ.
    #[error("a tensor of shape {shape:?} cannot hold {len} values")]
    Shape {
        /// Shape.
        shape: Vec<usize>,
        /// Values.
        len: usize,
    },
}

/// An inference engine.
pub trait Engine: Send + Sync {
    /// Name and version.
    fn info(&self) -> EngineInfo;

    /// Loads an ONNX graph. The caller has verified the bytes against the card; `graph` is its name for messages.
    ///
    /// # Errors
    /// [`EngineError::Load`], or [`EngineError::Provider`] when a provider asked for by name cannot run it.
    fn load(&self, graph: &str, bytes: &[u8], options: &LoadOptions) -> Result<Box<dyn Session>, EngineError>;
}

/// A loaded graph. Runs may come from several threads; engines that cannot overlap them take turns.
pub trait Session: Send + Sync {
    /// Inputs.
    fn inputs(&self) -> &[Port];

    /// Outputs.
    fn outputs(&self) -> &[Port];

    /// What really runs the graph.
    fn assignment(&self) -> &Assignment;

    /// Runs the graph on named inputs and returns the named outputs in that order, as floats.
    ///
    /// # Errors
    /// [`EngineError::Run`] for missing names, wrong shapes and failures inside the engine.
    fn run(&self, inputs: &[(&str, &Tensor)], outputs: &[&str]) -> Result<Vec<Tensor>, EngineError>;
}
