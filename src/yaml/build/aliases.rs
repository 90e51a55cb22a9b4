//! Aliases and merge keys: copies that know both where they stand and where they come from.
//!
//! A copy shares its containers with the anchored value; only its own origin is new, and in a merge
//! the origins of the entries. The budget counts every copy in full all the same, because whoever
//! walks the tree later walks every copy.

use super::{Builder, Frame, MAX_DEPTH, Open, Slot, Stop, too_deep};
use crate::diag::Code;
use crate::source::{Entry, Key, Map, Node, OriginId, Str, Value};
use crate::yaml::fault::Fault;
use std::ops::Range;

impl Builder<'_> {
    pub(super) fn alias(&mut self, id: usize, range: Range<usize>) -> Result<(), Stop> {
        let Some(anchored) = self.anchors.get(&id) else {
            let name = self.text.get(range.clone()).unwrap_or("").to_owned();
            let open = self.frames.iter().find(|frame| frame.anchor == id).map_or(range.clone(), |f| f.range.clone());
            self.fault(
                Fault::new(Code::UnknownAlias, format!("`{name}` stands inside its own anchor"), range.clone(), "")
                    .and(open, "the anchored value starts here")
                    .help("a value cannot hold itself; write it out"),
            )?;
            return self.attach_placeholder(&range);
        };
        let (node, nodes, height) = (anchored.node.clone(), anchored.nodes, anchored.height);
        let spelled = anchored.range.clone();
        self.spend(nodes, &range)?;
        if self.frames.len() + height > MAX_DEPTH {
            self.fault(too_deep(range))?;
            return Err(Stop::Document);
        }
        let at = self.locate.at(range.clone());
        let frame = self.frames.last();
        if let Some(Frame { open: Open::Map { slot: Slot::Key, .. }, .. }) = frame {
            return self.alias_key(&node, at, range, spelled);
        }
        let merges = frame.is_some_and(|frame| match &frame.open {
            Open::List(_) => frame.merging,
            Open::Map { slot, .. } => matches!(slot, Slot::Merge(_)),
        });
        let node = if merges {
            self.grafted(node, at)
        } else {
            let origin = self.locate.alias(at, node.origin);
            Node::new(node.value, origin)
        };
        self.attach(node, &range, nodes, height)
    }

    fn alias_key(&mut self, node: &Node, at: OriginId, range: Range<usize>, spelled: Range<usize>) -> Result<(), Stop> {
        let text = match &node.value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => Str::from(self.text.get(spelled).unwrap_or("")),
            other => {
                self.set_slot(Slot::Refused);
                let message = format!("{} is no key", other.kind());
                return self.fault(Fault::new(Code::YamlFeature, message, range, "expected a string"));
            }
        };
        let origin = self.locate.alias(at, node.origin);
        self.key(Key { text, origin }, range)
    }

    pub(super) fn unresolved(&mut self, name: &str, range: Range<usize>) -> Result<(), Stop> {
        let message = format!("no anchor `&{name}` stands before `*{name}`");
        let label = format!("quote it if it is text: `\"*{name}\"`");
        self.fault(Fault::new(Code::UnknownAlias, message, range.clone(), label))?;
        self.attach_placeholder(&range)
    }

    /// Keeps keys and values in step after an alias that leads nowhere.
    fn attach_placeholder(&mut self, range: &Range<usize>) -> Result<(), Stop> {
        match self.frames.last_mut() {
            Some(Frame { open: Open::Map { slot, .. }, .. }) if matches!(slot, Slot::Key) => {
                *slot = Slot::Refused;
                Ok(())
            }
            Some(Frame { open: Open::Map { slot, .. }, .. }) if matches!(slot, Slot::Merge(_)) => {
                *slot = Slot::Key;
                Ok(())
            }
            Some(Frame { open: Open::List(_), merging: true, .. }) => Ok(()),
            _ => {
                let node = Node::null(self.locate.at(range.clone()));
                self.attach(node, range, 1, 0)
            }
        }
    }

    pub(super) fn merge_key(&mut self, range: Range<usize>) -> Result<(), Stop> {
        let depth = self.frames.len();
        let twice = self.merge_places.last().filter(|(level, _)| *level == depth).map(|(_, first)| first.clone());
        let Some(first) = twice else {
            self.merge_places.push((depth, range.clone()));
            if let Some(frame) = self.frames.last_mut()
                && !frame.flow
                && frame.range.start == frame.range.end
            {
                frame.range.clone_from(&range);
            }
            self.set_slot(Slot::Merge(range));
            return Ok(());
        };
        self.set_slot(Slot::Refused);
        self.fault(
            Fault::new(Code::DuplicateKey, "the merge key `<<` stands twice in one mapping", range, "")
                .and(first, "first here")
                .help("merge several mappings with a list: `<<: [*a, *b]`"),
        )
    }

    /// A mapping whose entries say by which alias they come.
    fn grafted(&mut self, node: Node, at: OriginId) -> Node {
        let Value::Map(from) = &node.value else { return node };
        let mut map = Map::with_capacity(from.len());
        for Entry { key, value } in from.iter() {
            let key = Key { text: key.text.clone(), origin: self.locate.alias(at, key.origin) };
            let origin = self.locate.alias(at, value.origin);
            map.push(key, Node::new(value.value.clone(), origin));
        }
        Node::map(map, at)
    }

    /// Takes the value of `<<`.
    pub(super) fn merge_value(
        &mut self,
        node: Node,
        range: &Range<usize>,
        nodes: usize,
        height: usize,
    ) -> Result<(), Stop> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        frame.nodes += nodes;
        frame.height = frame.height.max(height);
        let Open::Map { map, slot, merge } = &mut frame.open else { return Ok(()) };
        *slot = Slot::Key;
        let found = node.value.kind();
        let from = match node.value {
            Value::Map(_) => vec![node],
            Value::List(items) if items.iter().all(|item| item.as_map().is_some()) => items.to_vec(),
            _ => {
                let message = format!("`<<` merges mappings; this is {found}");
                let message =
                    if found == "a list" { "`<<` merges mappings; this list holds others".into() } else { message };
                let label = "expected `*name` or `[*name, *other]`";
                return self.fault(Fault::new(Code::MergeKey, message, range.clone(), label));
            }
        };
        *merge = Some((map.len(), from));
        Ok(())
    }

    /// The entries of `map` and what `<<` brings, in the `<<`'s place. Explicit keys win, then
    /// earlier mappings.
    pub(super) fn apply_merge(&mut self, map: &Map, at: usize, from: &[Node]) -> Map {
        let mut brought = Map::default();
        for entry in from.iter().filter_map(Node::as_map).flat_map(Map::iter) {
            match brought.get_mut(&entry.key.text) {
                Some(winner) => winner.origin = self.locate.merged(winner.origin, entry.value.origin),
                None => brought.push(entry.key.clone(), entry.value.clone()),
            }
        }
        let mut all = Map::with_capacity(map.len() + brought.len());
        for (index, entry) in map.iter().enumerate() {
            if index == at {
                Self::push_brought(&mut all, &brought, map);
            }
            let mut value = entry.value.clone();
            if let Some(hidden) = brought.get(&entry.key.text) {
                value.origin = self.locate.merged(value.origin, hidden.origin);
            }
            all.push(entry.key.clone(), value);
        }
        if at >= map.len() {
            Self::push_brought(&mut all, &brought, map);
        }
        all
    }

    fn push_brought(all: &mut Map, brought: &Map, explicit: &Map) {
        for entry in brought.iter().filter(|entry| explicit.get(&entry.key.text).is_none()) {
            all.push(entry.key.clone(), entry.value.clone());
        }
    }
}
