//! How a comparison looks: for people, for machines, for a pull request.
//!
//! Does not belong here: what a difference is or does (`diff`), which lines are behind it (`pipeline`).

mod human;
mod json;
mod markdown;
mod value;

use crate::diff::{Effect, What};
use crate::pipeline::{Difference, Told, ToldField};
use crate::text;

/// How a comparison is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// One JSON document:
    ///
    /// ```json
    /// {
    ///   "from": "HEAD~1", "to": "production",
    ///   "counts": {"added": 0, "changed": 1, "removed": 0, "effects": {"rolling-restart": 1}},
    ///   "namespaces": [{"from": "shop-staging", "to": "shop-production"}],
    ///   "objects": [{
    ///     "apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "web",
    ///     "change": "changed", "effect": "rolling-restart", "onPurpose": null,
    ///     "impacts": [{"effect": "rolling-restart", "why": "the pod template changes", "remedy": null}],
    ///     "fields": [{"path": "spec.template.…", "before": "a", "after": "b", "order": false, "causes": []}],
    ///     "causes": [{"file": "base/web.yaml", "line": 3, "column": 5, "path": "services.web.image", "gone": false}]
    ///   }],
    ///   "images": [{"image": "web:2", "by": ["Deployment web"], "instead": ["web:1"]}]
    /// }
    /// ```
    ///
    /// The shape is stable: keys are added, never renamed or removed. `before` and `after` are absent where a side
    /// has no such field. `images` and `onPurpose` are null unless two environments are compared; then nothing is applied,
    /// and there are no effects.
    Json,
    /// For a comment of a pull request.
    Markdown,
}

/// A comparison, with a line break at its end.
#[must_use]
pub fn render(difference: &Difference, format: Format) -> String {
    match format {
        Format::Human => human::render(difference),
        Format::Json => json::render(difference),
        Format::Markdown => markdown::render(difference),
    }
}

/// What becomes of the objects, and how many there are: `2 changed, 1 removed: 1 restart, 1 refused`.
#[must_use]
pub fn summary(difference: &Difference) -> String {
    let number = |what| difference.objects.iter().filter(|told| told.change.what == what).count();
    let parts = [(What::Changed, "changed"), (What::Added, "added"), (What::Removed, "removed")];
    let parts: Vec<String> = parts
        .into_iter()
        .map(|(what, word)| (number(what), word))
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let nouns = [
        (Effect::Refused, "refused"),
        (Effect::DataLoss, "data loss"),
        (Effect::Orphans, "selector orphan"),
        (Effect::ReplicasReset, "replicas reset"),
        (Effect::Recreate, "recreated"),
        (Effect::Restart, "restart"),
    ];
    let effects: Vec<String> = nouns
        .into_iter()
        .map(|(effect, noun)| (effects(difference, effect), noun))
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| match noun {
            "restart" | "selector orphan" => text::count(number, noun),
            _ => format!("{number} {noun}"),
        })
        .collect();
    match (parts.is_empty(), effects.is_empty()) {
        (true, _) => "no difference".to_owned(),
        (_, true) => parts.join(", "),
        _ => format!("{}: {}", parts.join(", "), effects.join(", ")),
    }
}

/// How many objects have an effect.
fn effects(difference: &Difference, effect: Effect) -> usize {
    let has = |told: &&Told| told.change.impacts.iter().any(|impact| impact.effect == effect);
    difference.objects.iter().filter(has).count()
}

const fn sign(what: What) -> char {
    match what {
        What::Changed => '~',
        What::Added => '+',
        What::Removed => '-',
    }
}

const fn word(what: What) -> &'static str {
    match what {
        What::Changed => "changed",
        What::Added => "added",
        What::Removed => "removed",
    }
}

/// Longest path of a field that is shown whole, in characters.
const LONGEST: usize = 40;

/// The fields with their paths as people read them: without what all paths of a kind begin with, and without
/// their middle where that leaves no doubt.
fn shown(told: &Told) -> Vec<(String, &ToldField)> {
    let whole: Vec<String> = told
        .fields
        .iter()
        .map(|field| {
            let path = field.change.path.to_string();
            let starts = ["spec.jobTemplate.spec.template.spec.", "spec.template.spec.", "spec."];
            let short = starts.into_iter().find_map(|start| path.strip_prefix(start));
            let short = short.unwrap_or(&path);
            if field.change.order { format!("order of {short}") } else { short.to_owned() }
        })
        .collect();
    let short: Vec<String> = whole.iter().map(|path| middle_left_out(path)).collect();
    let alone = |path: &String| short.iter().filter(|other| *other == path).count() == 1;
    let named = whole.iter().zip(&short).map(|(whole, short)| if alone(short) { short.clone() } else { whole.clone() });
    named.zip(&told.fields).collect()
}

fn middle_left_out(path: &str) -> String {
    if path.chars().count() <= LONGEST || path.ends_with(']') {
        return path.to_owned();
    }
    // Names in brackets may hold dots.
    let cut = |from: usize| path[from..].find('.').map(|at| from + at);
    let start = path.find(']').filter(|end| path[..*end].contains('[')).map_or_else(|| cut(0), cut);
    match (start, path.rfind('.')) {
        (Some(start), Some(end)) if start < end => format!("{}.…{}", &path[..start], &path[end + 1..]),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::middle_left_out;

    #[test]
    fn long_paths_lose_their_middle() {
        let path = "volumeClaimTemplates[name=data].spec.resources.requests.storage";
        assert_eq!(middle_left_out(path), "volumeClaimTemplates[name=data].…storage");
        assert_eq!(middle_left_out("containers[name=web].image"), "containers[name=web].image");
        let label = "metadata.annotations[\"a.very.long.name.example.com/with-a-path\"]";
        assert_eq!(middle_left_out(label), label);
    }
}
