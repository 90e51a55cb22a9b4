//! JSON Patch (RFC 6902) on marked trees: `add`, `remove`, `replace`, `move`, `copy`, `test` at JSON
//! pointers (RFC 6901).
//!
//! The first operation that fails ends the patch, as the RFC wants it: what follows may build on it.

use super::fault::PatchFault;
use crate::source::{Key, Map, Node, OriginId, Origins, Value};
use crate::text;

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    what: What,
    path: Pointer,
    /// The operation's own place.
    pub origin: OriginId,
}

#[derive(Clone, Debug)]
enum What {
    Add(Node),
    Remove,
    Replace(Node),
    Move(Pointer),
    Copy(Pointer),
    Test(Node),
}

#[derive(Clone, Debug)]
struct Pointer {
    text: String,
    tokens: Vec<String>,
    origin: OriginId,
}

const OPS: [&str; 6] = ["add", "remove", "replace", "move", "copy", "test"];

/// Reads a list of operations; what is wrong with any of them goes into `faults`.
pub fn operations(list: &Node, faults: &mut Vec<PatchFault>) -> Vec<Operation> {
    let Some(items) = list.as_list() else {
        let message = format!("a JSON patch is {}", list.value.kind());
        faults.push(PatchFault::new(list.origin, message, "expected a list of operations"));
        return Vec::new();
    };
    items.iter().filter_map(|item| operation(item, faults)).collect()
}

fn operation(item: &Node, faults: &mut Vec<PatchFault>) -> Option<Operation> {
    let Some(map) = item.as_map() else {
        let message = format!("an operation is {}", item.value.kind());
        faults.push(PatchFault::new(item.origin, message, "expected `{op: …, path: …}`"));
        return None;
    };
    for entry in map {
        if !matches!(entry.key.text.as_str(), "op" | "path" | "from" | "value") {
            let label = text::suggest(&entry.key.text, ["op", "path", "from", "value"]);
            let message = format!("`{}` is not a field of an operation", entry.key.text);
            faults.push(PatchFault::new(entry.key.origin, message, label));
        }
    }
    let op = word(map, item, "op", faults);
    let path = pointer(map, item, "path", faults);
    let op = op?;
    let value = || map.get("value").cloned();
    let what = match op.0.as_str() {
        "add" => value().map(What::Add),
        "replace" => value().map(What::Replace),
        "test" => value().map(What::Test),
        "remove" => Some(What::Remove),
        "move" => Some(What::Move(pointer(map, item, "from", faults)?)),
        "copy" => Some(What::Copy(pointer(map, item, "from", faults)?)),
        other => {
            faults.push(PatchFault::new(op.1, format!("`{other}` is no operation"), text::suggest(other, OPS)));
            return None;
        }
    };
    if what.is_none() {
        faults.push(PatchFault::new(item.origin, format!("operation `{}` has no `value`", op.0), ""));
    }
    Some(Operation { what: what?, path: path?, origin: item.origin })
}

fn word(map: &Map, item: &Node, key: &str, faults: &mut Vec<PatchFault>) -> Option<(String, OriginId)> {
    let found = map.get(key).map(|node| (node.as_str(), node));
    match found {
        Some((Some(text), node)) => Some((text.to_owned(), node.origin)),
        Some((None, node)) => {
            let message = format!("`{key}` of an operation is {}", node.value.kind());
            faults.push(PatchFault::new(node.origin, message, "expected a string"));
            None
        }
        None => {
            faults.push(PatchFault::new(item.origin, format!("an operation has no `{key}`"), ""));
            None
        }
    }
}

fn pointer(map: &Map, item: &Node, key: &str, faults: &mut Vec<PatchFault>) -> Option<Pointer> {
    let (text, origin) = word(map, item, key, faults)?;
    let Some(inner) = text.strip_prefix('/') else {
        let label = if text.is_empty() { "the whole object can't be an operand" } else { "a pointer begins with `/`" };
        faults.push(PatchFault::new(origin, format!("`{text}` is no JSON pointer to a field"), label));
        return None;
    };
    // RFC 6901, section 3: `~` stands only before `0` and `1`.
    if inner.replace("~0", "").replace("~1", "").contains('~') {
        let label = "write `~0` for a `~` in a name, `~1` for a `/`";
        faults.push(PatchFault::new(origin, format!("`{text}` is no JSON pointer"), label));
        return None;
    }
    let tokens = inner.split('/').map(|token| token.replace("~1", "/").replace("~0", "~")).collect();
    Some(Pointer { text, tokens, origin })
}

/// Applies operations in order.
///
/// # Errors
/// The first operation that can't be done; the tree is then of no use.
pub fn apply(target: &mut Node, operations: &[Operation], origins: &Origins) -> Result<(), PatchFault> {
    for operation in operations {
        let path = &operation.path;
        match &operation.what {
            What::Add(value) => add(target, path, value.clone(), origins)?,
            What::Remove => drop(remove(target, path)?),
            What::Replace(value) => {
                let place = find_mut(target, path, &path.tokens)?;
                let origin = origins.merged(value.origin, place.origin);
                *place = Node::new(value.value.clone(), origin);
            }
            What::Move(from) => {
                if path.tokens.starts_with(&from.tokens) && path.tokens.len() > from.tokens.len() {
                    let message = format!("`{}` can't be moved into itself", from.text);
                    return Err(PatchFault::new(path.origin, message, ""));
                }
                let value = remove(target, from)?;
                add(target, path, value, origins)?;
            }
            What::Copy(from) => {
                let value = find_mut(target, from, &from.tokens)?.clone();
                add(target, path, value, origins)?;
            }
            What::Test(value) => {
                let secret = target.get("kind").and_then(Node::as_str) == Some("Secret");
                let found = find_mut(target, path, &path.tokens)?;
                if found != value {
                    let message = format!("`{}` is not what the patch expects it to be", path.text);
                    // What a Secret holds is nobody's business.
                    let label =
                        if secret { "it is something else".to_owned() } else { format!("it is {}", shown(found)) };
                    return Err(PatchFault::new(value.origin, message, label));
                }
            }
        }
    }
    Ok(())
}

/// A value in few words.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::String(text) if text.len() <= 60 => format!("`{text}`"),
        Value::Int(number) => format!("`{number}`"),
        Value::Bool(value) => format!("`{value}`"),
        other => format!("{} with other content", other.kind()).replace("a string with other content", "another text"),
    }
}

fn add(target: &mut Node, path: &Pointer, value: Node, origins: &Origins) -> Result<(), PatchFault> {
    let (parent, last) = parent_mut(target, path)?;
    match &parent.value {
        Value::Map(_) => {
            let Some(map) = parent.as_map_mut() else { return Ok(()) };
            let key = Key::new(last, path.origin);
            match map.get_mut(last) {
                Some(place) => {
                    let origin = origins.merged(value.origin, place.origin);
                    *place = Node::new(value.value, origin);
                }
                None => map.push(key, value),
            }
            Ok(())
        }
        Value::List(items) => {
            let length = items.len();
            let at = if last == "-" { length } else { index(path, last, length + 1, length)? };
            if let Some(items) = parent.as_list_mut() {
                items.insert(at, value);
            }
            Ok(())
        }
        _ => Err(no_container(path, parent)),
    }
}

fn remove(target: &mut Node, path: &Pointer) -> Result<Node, PatchFault> {
    let (parent, last) = parent_mut(target, path)?;
    match &parent.value {
        Value::Map(map) => {
            let missing = missing(path, path.tokens.len() - 1, map, last);
            parent.as_map_mut().and_then(|map| map.remove(last)).map(|entry| entry.value).ok_or(missing)
        }
        Value::List(items) => {
            let at = index(path, last, items.len(), items.len())?;
            match parent.as_list_mut() {
                Some(items) => Ok(items.remove(at)),
                None => Err(no_container(path, parent)),
            }
        }
        _ => Err(no_container(path, parent)),
    }
}

fn parent_mut<'n, 'p>(target: &'n mut Node, path: &'p Pointer) -> Result<(&'n mut Node, &'p str), PatchFault> {
    // A pointer has at least one token.
    let (last, above) = path.tokens.split_last().map_or(("", &[][..]), |(last, above)| (last.as_str(), above));
    Ok((find_mut(target, path, above)?, last))
}

fn find_mut<'n>(target: &'n mut Node, path: &Pointer, tokens: &[String]) -> Result<&'n mut Node, PatchFault> {
    let mut node = target;
    for (taken, token) in tokens.iter().enumerate() {
        match &node.value {
            Value::Map(map) if map.get(token).is_none() => return Err(missing(path, taken, map, token)),
            Value::List(items) => drop(index(path, token, items.len(), items.len())?),
            Value::Map(_) => {}
            _ => return Err(no_container(path, node)),
        }
        let length = node.as_list().map_or(0, <[Node]>::len);
        let found = if node.as_map().is_some() {
            node.as_map_mut().and_then(|map| map.get_mut(token))
        } else {
            let at = index(path, token, length, length)?;
            node.as_list_mut().and_then(|items| items.get_mut(at))
        };
        let Some(found) = found else {
            return Err(PatchFault::new(path.origin, format!("`{}` leads nowhere", path.text), ""));
        };
        node = found;
    }
    Ok(node)
}

fn index(path: &Pointer, token: &str, below: usize, length: usize) -> Result<usize, PatchFault> {
    let plain = token == "0" || (!token.starts_with('0') && !token.starts_with('+'));
    match token.parse::<usize>() {
        Ok(at) if plain && at < below => Ok(at),
        Ok(_) if plain => {
            let message = format!("`{}` leads nowhere: the list has {}", path.text, text::count(length, "item"));
            Err(PatchFault::new(path.origin, message, ""))
        }
        _ => {
            let message = format!("`{}` leads nowhere: `{token}` is no position in a list", path.text);
            Err(PatchFault::new(path.origin, message, "positions count from 0; `-` adds at the end"))
        }
    }
}

fn missing(path: &Pointer, taken: usize, map: &Map, token: &str) -> PatchFault {
    let reached: String = path.tokens[..taken]
        .iter()
        .fold(String::new(), |all, token| format!("{all}/{}", token.replace('~', "~0").replace('/', "~1")));
    let place = if reached.is_empty() { "the object".to_owned() } else { format!("`{reached}`") };
    let message = format!("`{}` leads nowhere: {place} has no `{token}`", path.text);
    let near = text::nearest(token, map.iter().map(|entry| entry.key.text.as_str()));
    let label = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
    PatchFault::new(path.origin, message, label)
}

fn no_container(path: &Pointer, node: &Node) -> PatchFault {
    let message = format!("`{}` leads nowhere: there is {} on the way", path.text, node.value.kind());
    PatchFault::new(path.origin, message, "")
}
