//! The read log: which values a render looked at, for what.
//!
//! When tracing, containers are wrapped so that reading a scalar through them is logged, and
//! templates carry calls that say when a block begins and ends. What was read since the last hole
//! belongs to the next hole; what was read by a condition or a loop belongs to all within it.
//! Without tracing none of this exists: neither the wrappers nor the calls.

use super::context::{Context, is_ours, missing, plain};
use super::fault::Refusal;
use super::functions::{items, weigh};
use super::gone::gone;
use crate::diag::Code;
use crate::source::{Map, Node, OriginId, Value as Data};
use minijinja::value::{Enumerator, Object, ObjectRepr, Rest, Value};
use minijinja::{Environment, Error, State};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The name under which templates' calls find the log.
const LOG: &str = "__log";

/// What was read, as far as the render has come.
#[derive(Debug, Default)]
pub struct Reads {
    /// Reads that nothing has claimed yet.
    pending: Vec<OriginId>,
    /// Reads of the arguments of the call being prepared.
    arguments: Vec<Vec<OriginId>>,
    frames: Vec<Frame>,
    /// For each hole, what was read for it.
    pub holes: Vec<Vec<OriginId>>,
    /// For each mark, what was read to decide that its text is there.
    pub marks: Vec<Arc<[OriginId]>>,
}

/// One open block: an `if`, a loop or a macro's call.
#[derive(Debug, Default)]
struct Frame {
    guards: Vec<OriginId>,
    /// The scalar a loop holds now.
    item: Option<OriginId>,
    /// Names that the block gives, with what their values come from.
    names: Vec<(String, Vec<OriginId>)>,
    call: bool,
}

impl Reads {
    fn read(&mut self, origin: OriginId) {
        if !origin.is_none() && !self.pending.contains(&origin) {
            self.pending.push(origin);
        }
    }

    fn enter(&mut self, names: Vec<(String, Vec<OriginId>)>, call: bool) {
        let guards = std::mem::take(&mut self.pending);
        self.frames.push(Frame { guards, item: None, names, call });
    }

    fn because(&self) -> Arc<[OriginId]> {
        let mut all = Vec::new();
        for frame in &self.frames {
            for origin in frame.guards.iter().copied().chain(frame.item) {
                if !all.contains(&origin) {
                    all.push(origin);
                }
            }
        }
        all.into()
    }

    /// What the value behind `name` comes from, if a block gave it that name.
    fn named(&self, name: &str) -> Option<Vec<OriginId>> {
        for frame in self.frames.iter().rev() {
            if let Some((_, origins)) = frame.names.iter().find(|(known, _)| known == name) {
                return Some(origins.clone());
            }
            // A macro sees its arguments and top-level names, not the blocks around its call.
            if frame.call {
                return None;
            }
        }
        None
    }
}

/// The log of one render.
#[derive(Clone, Debug)]
pub struct Log {
    reads: Arc<Mutex<Reads>>,
    names: Arc<Map>,
    /// Whether what is not there is read as nothing.
    tolerant: bool,
}

impl Log {
    /// An empty log over a context's top-level names.
    pub fn new(context: &Context) -> Self {
        let guards = Some(context.because).filter(|origin| !origin.is_none());
        let frame = Frame { guards: Vec::from_iter(guards), ..Frame::default() };
        let reads = Reads { frames: vec![frame], ..Reads::default() };
        Self { reads: Arc::new(Mutex::new(reads)), names: Arc::clone(&context.root), tolerant: false }
    }

    /// A log in which what is not there is no error.
    pub fn tolerant(context: &Context) -> Self {
        Self { tolerant: true, ..Self::new(context) }
    }

    fn reads(&self) -> MutexGuard<'_, Reads> {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs what the scalar behind a bare `name` comes from.
    fn named(&self, name: &str) {
        let mut reads = self.reads();
        let top = || self.names.get(name).filter(|node| node.is_scalar()).map(|node| vec![node.origin]);
        for origin in reads.named(name).or_else(top).unwrap_or_default() {
            reads.read(origin);
        }
    }

    /// All that was logged.
    pub fn finish(&self) -> Reads {
        std::mem::take(&mut *self.reads())
    }

    /// The top-level names, seen through this log.
    pub fn root(&self) -> Value {
        Value::from_object(Root { names: self.mapping(&self.names, OriginId::NONE), log: self.clone() })
    }

    fn mapping(&self, map: &Arc<Map>, origin: OriginId) -> TracedMap {
        TracedMap { map: Arc::clone(map), origin, log: self.clone() }
    }

    /// `node`, read now.
    fn value(&self, node: &Node) -> Value {
        match &node.value {
            Data::Map(map) => Value::from_object(self.mapping(map, node.origin)),
            Data::List(items) => {
                Value::from_object(TracedList { items: Arc::clone(items), origin: node.origin, log: self.clone() })
            }
            scalar => {
                self.reads().read(node.origin);
                plain(scalar)
            }
        }
    }
}

impl Object for Log {}

#[derive(Debug)]
struct Root {
    names: TracedMap,
    log: Log,
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        if key == LOG { Some(Value::from_object(self.log.clone())) } else { self.names.read(key) }
    }
}

/// A mapping whose reads are logged.
#[derive(Debug)]
pub struct TracedMap {
    /// The mapping.
    pub map: Arc<Map>,
    origin: OriginId,
    log: Log,
}

impl TracedMap {
    fn read(&self, key: &str) -> Option<Value> {
        match self.map.get(key) {
            Some(node) => Some(self.log.value(node)),
            None if self.log.tolerant && !is_ours(key) => Some(gone()),
            None => missing(&self.map, key),
        }
    }
}

impl Object for TracedMap {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.read(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.read(key)
    }

    /// Whether there is anything in it was asked: that it is there at all has decided something.
    fn is_true(self: &Arc<Self>) -> bool {
        self.log.reads().read(self.origin);
        !self.map.is_empty()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.log.reads().read(self.origin);
        Enumerator::Values(self.map.iter().map(|entry| Value::from(entry.key.text.as_str())).collect())
    }
}

/// A list whose reads are logged.
#[derive(Debug)]
pub struct TracedList {
    /// The items.
    pub items: Arc<Vec<Node>>,
    origin: OriginId,
    log: Log,
}

impl Object for TracedList {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.items.get(key.as_usize()?).map(|node| self.log.value(node))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.log.reads().read(self.origin);
        !self.items.is_empty()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.log.reads().read(self.origin);
        Enumerator::Seq(self.items.len())
    }
}

/// A list being looped over: each turn tells the loop's frame what the turn holds.
#[derive(Debug)]
struct Turns {
    items: Arc<Vec<Node>>,
    /// The name the loop gives to an item.
    name: String,
    /// How many blocks are open around the loop.
    depth: usize,
    log: Log,
}

impl Turns {
    fn turn(&self, index: usize) -> Option<Value> {
        let node = self.items.get(index)?;
        let mut reads = self.log.reads();
        if let Some(frame) = reads.frames.get_mut(self.depth) {
            let origin = (node.is_scalar() && !node.origin.is_none()).then_some(node.origin);
            frame.item = origin;
            frame.names = vec![(self.name.clone(), Vec::from_iter(origin))];
        }
        let pending = std::mem::take(&mut reads.pending);
        drop(reads);
        let value = self.log.value(node);
        self.log.reads().pending = pending;
        Some(value)
    }
}

impl Object for Turns {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Iterable
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let turns = Arc::clone(self);
        Enumerator::Iter(Box::new((0..self.items.len()).map_while(move |index| turns.turn(index))))
    }
}

fn log(state: &State<'_, '_>) -> Option<Log> {
    state.lookup(LOG)?.downcast_object_ref::<Log>().cloned()
}

/// Closes the reads of the hole being formatted.
pub fn hole(state: &State<'_, '_>) {
    if let Some(log) = log(state) {
        let mut reads = log.reads();
        let read = std::mem::take(&mut reads.pending);
        reads.holes.push(read);
    }
}

/// Adds the calls that traced templates make.
pub fn register(environment: &mut Environment<'_>) {
    environment.add_function("__mark", |state: &State<'_, '_>| {
        with(state, |reads| {
            let because = reads.because();
            reads.marks.push(because);
        })
    });
    environment.add_function("__guard", |state: &State<'_, '_>, answer: Value| {
        // The engine asks for truth after the call: asked here, it is logged for this block.
        let truth = truth(&answer)?;
        with(state, |reads| reads.enter(Vec::new(), false))?;
        Ok::<_, Error>(truth)
    });
    environment.add_function("__leave", |state: &State<'_, '_>| with(state, |reads| drop(reads.frames.pop())));
    environment.add_function("__forget", |state: &State<'_, '_>| with(state, |reads| reads.pending.clear()));
    environment.add_function("__name", |state: &State<'_, '_>, name: &str, value: Value| {
        if let Some(log) = log(state) {
            log.named(name);
        }
        value
    });
    environment.add_function("__argument", |state: &State<'_, '_>, _value: Value| {
        with(state, |reads| {
            let read = std::mem::take(&mut reads.pending);
            reads.arguments.push(read);
        })
    });
    environment.add_function("__call", |state: &State<'_, '_>, parameters: Rest<String>| {
        with(state, |reads| {
            let origins = std::mem::take(&mut reads.arguments);
            reads.pending = origins.concat();
            reads.enter(parameters.0.into_iter().zip(origins).collect(), true);
        })
    });
    environment.add_function("__items", |state: &mut State<'_, '_>, list: Value, weight: u64, name: &str| {
        if let Some(traced) = list.downcast_object_ref::<TracedList>() {
            let log = traced.log.clone();
            log.reads().read(traced.origin);
            let depth = log.reads().frames.len();
            log.reads().enter(Vec::new(), false);
            weigh(state, traced.items.len(), weight)?;
            let turns = Turns { items: Arc::clone(&traced.items), name: name.to_owned(), depth, log };
            return Ok(Value::from_object(turns));
        }
        with(state, |reads| reads.enter(Vec::new(), false))?;
        items(state, list, weight)
    });
}

fn truth(answer: &Value) -> Result<bool, Error> {
    if answer.is_undefined() {
        return Err(Error::from(minijinja::ErrorKind::UndefinedError));
    }
    Ok(answer.is_true())
}

/// Changes the log; what is laid out is nothing.
fn with(state: &State<'_, '_>, change: impl FnOnce(&mut Reads)) -> Result<Value, Error> {
    let Some(log) = log(state) else {
        return Err(Refusal::new(Code::TemplateFault, "the read log is gone").into_error());
    };
    change(&mut log.reads());
    Ok(Value::from_safe_string(String::new()))
}
