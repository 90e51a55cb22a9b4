//! The smallest patch that makes one object of another: what a careful engineer would have written
//! by hand, and what kustomize applies as it is meant.
//!
//! A strategic merge says nearly everything. Two rules of kustomize shape it: the items that a patch
//! names come first in their list, so a patch names those before a change, too, by their keys alone
//! (but not in lists whose items have two keys each: there new ones come first, and the others stay);
//! and `null` deletes. What it can't say becomes an operation of a JSON patch on the outermost mapping
//! that leads there: a position in a list would mean another item as soon as the list grows.

use super::keys::{self, Field, Fields};
use super::sound::{distinct, is_kept, is_sound, is_whole, names};
use crate::source::{Key, Map, Node, OriginId, Str};

const PATCH: &str = "$patch";

/// What makes one object of another.
#[derive(Clone, Debug, Default)]
pub struct Derived {
    /// A strategic merge, without the kind and name of what it patches; `None` if there is nothing to merge.
    pub merge: Option<Node>,
    /// What a strategic merge can't say, to be applied after it.
    pub operations: Vec<FieldOperation>,
}

impl Derived {
    /// Whether the two objects are the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.merge.is_none() && self.operations.is_empty()
    }
}

/// One operation of a JSON patch at a path of keys.
#[derive(Clone, Debug)]
pub struct FieldOperation {
    /// The keys that lead to the field; none of them is a position.
    pub path: Vec<Str>,
    /// What becomes of it.
    pub change: Change,
}

/// What becomes of a field.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is there from now on.
    Add(Node),
    /// It has another value.
    Replace(Node),
    /// It goes.
    Remove,
    /// Its list has one more item at the end, however long it is.
    Append(Node),
}

impl FieldOperation {
    fn set(path: &[Str], value: Node, there: bool) -> Self {
        Self { path: path.to_vec(), change: if there { Change::Replace(value) } else { Change::Add(value) } }
    }

    /// As an item of a JSON patch.
    #[must_use]
    pub fn node(&self) -> Node {
        let (op, end, value) = match &self.change {
            Change::Add(value) => ("add", "", Some(value)),
            Change::Replace(value) => ("replace", "", Some(value)),
            Change::Remove => ("remove", "", None),
            Change::Append(value) => ("add", "/-", Some(value)),
        };
        let mut pointer = String::new();
        self.path.iter().for_each(|key| pointer.extend(["/", &key.replace('~', "~0").replace('/', "~1")]));
        pointer.push_str(end);
        let mut map = Map::with_capacity(3);
        map.push(key("op"), text(op));
        map.push(key("path"), text(&pointer));
        push(&mut map, "value", value.cloned());
        Node::map(map, OriginId::NONE)
    }
}

/// What makes `to` of `from`, two objects of one kind, whose lists merge as `fields` say.
#[must_use]
pub fn derive(from: &Node, to: &Node, fields: Fields) -> Derived {
    let (Some(before), Some(after)) = (from.as_map(), to.as_map()) else { return Derived::default() };
    let mut deriver = Deriver { operations: Vec::new() };
    // A list that names an item twice loses one to any strategic merge, whatever it patches.
    if !is_sound(before, fields) {
        deriver.fields(before, after, &mut Vec::new());
        return Derived { merge: None, operations: deriver.operations };
    }
    let merge = deriver.mapping(before, after, fields, &mut Some(Vec::new())).unwrap_or_default();
    let merge = (!merge.is_empty()).then(|| Node::map(merge, to.origin));
    Derived { merge, operations: deriver.operations }
}

/// Lines that a patch needs to name the object it is for.
const TARGET: usize = 8;

/// Lines of an operation beside its value.
const OPERATION: usize = 3;

/// How many lines a value takes.
fn lines(node: &Node) -> usize {
    let (map, items) = (node.entries(), node.items());
    let below: usize = map.map(|entry| usize::from(!entry.value.is_scalar()) + lines(&entry.value)).sum();
    let below = below + items.map(lines).sum::<usize>();
    if node.is_scalar() { node.as_str().map_or(1, |text| text.lines().count().max(1)) } else { below.max(1) }
}

/// What a strategic merge can't say.
struct Unsayable;

/// The keys on the way, as long as no list was entered.
type Way = Option<Vec<Str>>;

struct Deriver {
    operations: Vec<FieldOperation>,
}

impl Deriver {
    /// The patch of a mapping; empty if nothing differs.
    fn mapping(&mut self, from: &Map, to: &Map, fields: Fields, way: &mut Way) -> Result<Map, Unsayable> {
        let mut patch = Map::default();
        for entry in to {
            let name = &entry.key.text;
            let below = from.get(name);
            if below == Some(&entry.value) {
                continue;
            }
            if let Some(way) = way {
                way.push(name.clone());
            }
            let said = if name.starts_with('$') {
                Err(Unsayable)
            } else {
                self.value(below, &entry.value, keys::field(fields, name), way)
            };
            match (said, &way) {
                (Ok(node), _) => push(&mut patch, name, node),
                (Err(Unsayable), Some(path)) => {
                    self.operations.push(FieldOperation::set(path, entry.value.clone(), below.is_some()));
                }
                (Err(unsayable), None) => return Err(unsayable),
            }
            if let Some(way) = way {
                way.pop();
            }
        }
        for gone in from.iter().filter(|entry| to.get(&entry.key.text).is_none()) {
            patch.push(Key::new(gone.key.text.clone(), OriginId::NONE), Node::null(OriginId::NONE));
        }
        Ok(patch)
    }

    /// What the patch says of a value that differs; `None` if only operations do.
    fn value(
        &mut self,
        from: Option<&Node>,
        to: &Node,
        field: Field,
        way: &mut Way,
    ) -> Result<Option<Node>, Unsayable> {
        let Some(from) = from.filter(|from| !from.is_null()) else {
            return if is_plain(to, field) { Ok(Some(to.clone())) } else { Err(Unsayable) };
        };
        if let (Some(before), Some(after)) = (from.as_map(), to.as_map()) {
            let fields = match field {
                Field::Struct(fields) => fields,
                _ => &[],
            };
            let whole = all_new(before, after).then(|| replaced(after)).filter(|_| is_plain(to, field));
            let patch = match whole {
                Some(whole) => whole,
                None => self.mapping(before, after, fields, way)?,
            };
            return Ok((!patch.is_empty()).then(|| Node::map(patch, to.origin)));
        }
        if let (Some(before), Some(after)) = (from.as_list(), to.as_list()) {
            return match field {
                Field::Items(by, fields) => self.items(before, after, by, fields).map(Some),
                Field::Set => set(before, after).map(Some),
                _ if self.appends(before, after, way) => Ok(None),
                _ if is_plain(to, field) => Ok(Some(to.clone())),
                _ => Err(Unsayable),
            };
        }
        if from.is_scalar() && to.is_scalar() && !to.is_null() { Ok(Some(to.clone())) } else { Err(Unsayable) }
    }

    /// A list that is replaced whole, to which nothing but items at its end was added: says so by operations
    /// if that is shorter than what would be repeated.
    fn appends(&mut self, from: &[Node], to: &[Node], way: &Way) -> bool {
        let (Some(path), Some(added)) = (way, to.strip_prefix(from)) else { return false };
        let repeated: usize = from.iter().map(lines).sum();
        if repeated < TARGET + OPERATION * added.len() {
            return false;
        }
        let append = |item: &Node| FieldOperation { path: path.clone(), change: Change::Append(item.clone()) };
        self.operations.extend(added.iter().map(append));
        true
    }

    /// A list whose items have keys: what changed, what comes before that by its keys alone, and what goes.
    fn items(&mut self, from: &[Node], to: &[Node], by: &[&str], fields: Fields) -> Result<Node, Unsayable> {
        let place = |item: &Node| from.iter().position(|other| names(other, item, by));
        let places: Vec<Option<usize>> = to.iter().map(place).collect();
        let ordered = |places: &[Option<usize>]| places.is_sorted() && !places.contains(&None);
        // Where all items have several keys, those that are there stay where they are, and new ones come first.
        let stay = by.len() > 1 && is_whole(from, by) && is_whole(to, by);
        let new = places.iter().take_while(|place| place.is_none()).count();
        let told_apart = || distinct(from.iter().chain(to), from, by) && distinct(from.iter().chain(to), to, by);
        if !told_apart() || stay && !ordered(&places[new..]) {
            if !is_plain_list(to, by, fields) {
                return Err(Unsayable);
            }
            return Ok(Node::list(replacement().chain(to.iter().cloned()).collect(), OriginId::NONE));
        }
        let is_same = |at: usize| places[at].is_some_and(|place| from[place] == to[at]);
        // From here on everything is there, unchanged and in order: it follows by itself.
        let mut rest = to.len();
        while rest > 0 && is_same(rest - 1) && ordered(&places[rest - 1..places.len().min(rest + 1)]) {
            rest -= 1;
        }
        let mut items = Vec::with_capacity(rest);
        for (at, item) in to[..rest].iter().enumerate().filter(|(at, _)| !stay || !is_same(*at)) {
            let Some(below) = places[at].and_then(|place| from[place].as_map()) else {
                if !is_plain(item, Field::Struct(fields)) {
                    return Err(Unsayable);
                }
                items.push(item.clone());
                continue;
            };
            let said = self.mapping(below, item.as_map().unwrap_or(below), fields, &mut None)?;
            items.push(keyed(item, by, said));
        }
        for gone in from.iter().filter(|item| !to.iter().any(|other| names(other, item, by))) {
            let mut deleted = Map::default();
            deleted.push(key(PATCH), text("delete"));
            items.push(keyed(gone, by, deleted));
        }
        Ok(Node::list(items, OriginId::NONE))
    }

    /// Two mappings as operations alone.
    fn fields(&mut self, from: &Map, to: &Map, path: &mut Vec<Str>) {
        for entry in to {
            path.push(entry.key.text.clone());
            match from.get(&entry.key.text) {
                Some(below) if *below == entry.value => {}
                below => match (below.and_then(Node::as_map), entry.value.as_map()) {
                    (Some(before), Some(after)) => self.fields(before, after, path),
                    _ => self.operations.push(FieldOperation::set(path, entry.value.clone(), below.is_some())),
                },
            }
            path.pop();
        }
        for gone in from.iter().filter(|entry| to.get(&entry.key.text).is_none()) {
            path.push(gone.key.text.clone());
            self.operations.push(FieldOperation { path: path.clone(), change: Change::Remove });
            path.pop();
        }
    }
}

/// Appends an entry if there is a value.
fn push(map: &mut Map, name: &str, value: Option<Node>) {
    if let Some(value) = value {
        map.push(Key::new(name, OriginId::NONE), value);
    }
}

fn key(name: &'static str) -> Key {
    Key::fixed(name, OriginId::NONE)
}

fn text(text: &str) -> Node {
    Node::string(text, OriginId::NONE)
}

/// The item that makes a patch's list replace what is there.
fn replacement() -> impl Iterator<Item = Node> {
    let mut map = Map::default();
    map.push(key(PATCH), text("replace"));
    std::iter::once(Node::map(map, OriginId::NONE))
}

/// Whether nothing stays of a mapping, so that to replace it repeats nothing, and at least two keys go.
fn all_new(from: &Map, to: &Map) -> bool {
    let gone = from.iter().filter(|entry| to.get(&entry.key.text).is_none()).count();
    gone > 1 && gone == from.len()
}

fn replaced(to: &Map) -> Map {
    let mut map = Map::with_capacity(to.len() + 1);
    map.push(key(PATCH), text("replace"));
    to.iter().for_each(|entry| map.push(entry.key.clone(), entry.value.clone()));
    map
}

/// An item of a patch: its keys, then what is said of it.
fn keyed(item: &Node, by: &[&str], said: Map) -> Node {
    let mut map = Map::with_capacity(by.len() + said.len());
    for name in by {
        push(&mut map, name, item.get(name).cloned());
    }
    said.into_entries().into_iter().for_each(|entry| map.insert(entry.key, entry.value));
    Node::map(map, item.origin)
}

/// A list of scalars that is a set: new ones come first, and none can go.
fn set(from: &[Node], to: &[Node]) -> Result<Node, Unsayable> {
    let kept = to.iter().filter(|item| from.contains(item)).count();
    let unique = |list: &[Node]| list.iter().enumerate().all(|(at, item)| !list[..at].contains(item));
    if kept < from.len() || !unique(from) || !unique(to) || to.iter().any(|item| !item.is_scalar() || item.is_null()) {
        return Err(Unsayable);
    }
    let rest = (0..=to.len()).find(|rest| {
        let named = &to[..*rest];
        from.iter().filter(|item| !named.contains(item)).eq(&to[*rest..])
    });
    Ok(Node::list(to[..rest.unwrap_or(to.len())].to_vec(), OriginId::NONE))
}

/// Whether a value can stand in a strategic merge where nothing is: no `null`, which would delete, no
/// directive, and no item twice.
fn is_plain(node: &Node, field: Field) -> bool {
    if let Some(map) = node.as_map() {
        let fields = match field {
            Field::Struct(fields) => fields,
            _ => &[],
        };
        let plain = |name: &Str, value| !name.starts_with('$') && is_plain(value, keys::field(fields, name));
        return map.iter().all(|entry| plain(&entry.key.text, &entry.value));
    }
    match (node.as_list(), field) {
        (Some(items), Field::Items(by, fields)) => is_plain_list(items, by, fields),
        (Some(items), _) => items.iter().all(|item| is_plain(item, Field::Atomic)),
        (None, _) => !node.is_null(),
    }
}

fn is_plain_list(items: &[Node], by: &[&str], fields: Fields) -> bool {
    is_kept(items, by) && items.iter().all(|item| item.as_map().is_some() && is_plain(item, Field::Struct(fields)))
}
