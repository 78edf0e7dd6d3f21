//! The built-in engine: rten, pure Rust, compiled in. It answers where ONNX Runtime cannot be had.

use super::engine::{
    Assignment, ElementType, Engine, EngineError, EngineInfo, LoadOptions, Port, Provider, ProviderChoice, Session, Tensor,
};
use rten::{DataType, Dimension, Model, NodeId, RunOptions, ThreadPool, Value, ValueOrView, ValueType, ValueView};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// Version of the rten crate; a test holds it equal to `Cargo.lock`.
const VERSION: &str = "0.27.0";

/// The built-in engine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rten;

impl Engine for Rten {
    fn info(&self) -> EngineInfo {
        EngineInfo { name: "rten".to_owned(), version: VERSION.to_owned() }
    }

    fn load(&self, graph: &str, bytes: &[u8], options: &LoadOptions) -> Result<Box<dyn Session>, EngineError> {
        if let ProviderChoice::Only(provider) = options.provider
            && provider != Provider::Cpu
        {
            let reason = "the built-in engine computes on the processor only".to_owned();
            return Err(EngineError::Provider { engine: self.info().to_string(), provider, reason });
        }
        let fail = |reason: String| EngineError::Load { engine: self.info().to_string(), graph: graph.to_owned(), reason };
        // An engine's own panic must not take the window down with it.
        let model = catch_unwind(AssertUnwindSafe(|| Model::load(bytes.to_vec())))
            .map_err(|_| fail("it panicked".to_owned()))?
            .map_err(|e| fail(e.to_string()))?;
        let ports = |ids: &[NodeId]| ids.iter().map(|id| port(&model, *id)).collect::<Vec<_>>();
        let (inputs, outputs) = (ports(model.input_ids()), ports(model.output_ids()));
        Ok(Box::new(RtenSession {
            graph: graph.to_owned(),
            engine: self.info().to_string(),
            inputs,
            outputs,
            assignment: Assignment { provider: Provider::Cpu, nodes: BTreeMap::new() },
            pool: options.threads.map(|n| Arc::new(ThreadPool::with_num_threads(n.get()))),
            model,
        }))
    }
}

struct RtenSession {
    graph: String,
    engine: String,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    assignment: Assignment,
    pool: Option<Arc<ThreadPool>>,
    model: Model,
}

impl RtenSession {
    fn fail(&self, reason: impl ToString) -> EngineError {
        EngineError::Run { engine: self.engine.clone(), graph: self.graph.clone(), reason: reason.to_string() }
    }
}

impl Session for RtenSession {
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
        let given = inputs
            .iter()
            .map(|(name, tensor)| {
                let id = self.model.node_id(name).map_err(|e| self.fail(e))?;
                Ok((id, self.value(tensor)?))
            })
            .collect::<Result<Vec<(NodeId, ValueOrView)>, EngineError>>()?;
        let wanted =
            outputs.iter().map(|name| self.model.node_id(name).map_err(|e| self.fail(e))).collect::<Result<Vec<_>, _>>()?;
        let mut options = RunOptions::default();
        options.thread_pool.clone_from(&self.pool);
        let values = catch_unwind(AssertUnwindSafe(|| self.model.run(given, &wanted, Some(options))))
            .map_err(|_| self.fail("it panicked"))?
            .map_err(|e| self.fail(e))?;
        values
            .into_iter()
            .zip(outputs)
            .map(|(value, name)| match value {
                Value::FloatTensor(tensor) => {
                    use rten_tensor::prelude::*;
                    let shape = tensor.shape().to_vec();
                    Tensor::f32(shape, tensor.to_vec())
                }
                _ => Err(self.fail(format!("output `{name}` is not of 32-bit floats"))),
            })
            .collect()
    }
}

impl RtenSession {
    /// rten holds 64-bit integers as 32-bit ones; a value that does not fit is an error.
    fn value<'a>(&self, tensor: &'a Tensor) -> Result<ValueOrView<'a>, EngineError> {
        match tensor {
            Tensor::F32 { shape, data } => {
                ValueView::from_shape::<f32>(shape.as_slice(), data.as_slice()).map(Into::into).map_err(|e| self.fail(e))
            }
            Tensor::I64 { shape, data } => {
                let narrow = data.iter().map(|v| i32::try_from(*v)).collect::<Result<Vec<_>, _>>().map_err(|e| self.fail(e))?;
                Value::from_shape::<i32>(shape.as_slice(), narrow).map(Into::into).map_err(|e| self.fail(e))
            }
        }
    }
}

fn port(model: &Model, id: NodeId) -> Port {
    let info = model.node_info(id);
    let element = match info.as_ref().and_then(rten::NodeInfo::dtype) {
        Some(ValueType::Tensor(DataType::Float)) => ElementType::F32,
        Some(ValueType::Tensor(DataType::Int32)) => ElementType::I64,
        _ => ElementType::Other,
    };
    let shape = info.as_ref().and_then(rten::NodeInfo::shape).map(|dimensions| {
        dimensions.into_iter().map(|d| if let Dimension::Fixed(size) = d { Some(size) } else { None }).collect()
    });
    Port { name: info.and_then(|i| i.name()).unwrap_or_default().to_owned(), element, shape }
}
