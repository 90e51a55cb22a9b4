//! The template language: what a template may say, and how it is handed to the engine.
//!
//! A template lays out; it does not compute. It may hold text, holes (`{{ service.name }}`), `if`
//! with `elif` and `else`, `for` over lists, `include` of a constant name, macros and comments.
//! Whatever else the engine could do is refused when templates load, all of it at once.
//!
//! What is allowed is written anew for the engine: text with marks that tell where it comes from,
//! operators as calls of our own strict functions and, when tracing, calls that log what is read.
//! The rewritten text is generated from the syntax tree, so it holds nothing that wasn't allowed.

use super::TemplateSource;
use super::holes::{MARK_CLOSE, MARK_OPEN, reserved};
use super::names::{Free, FreeNames};
use super::places::Unit;
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::Span;
use crate::text;
use minijinja::machinery::ast::{Expr, IfCond, Macro, Stmt};
use minijinja::machinery::{self, ast};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// Largest template read, in bytes.
pub const MAX_TEMPLATE: usize = 1 << 20;

/// What a template may lay out at most, its includes and macros counted in full, in bytes: what
/// templates that include templates that include templates could otherwise blow up.
const MAX_WEIGHT: u64 = 16 << 20;

/// What a turn of a loop weighs beside its text: even a loop that lays out nothing takes time.
const TURN: u64 = 64;

/// Digits of the heaviest turn.
const DIGITS: usize = 10;

/// A template as the engine gets it.
#[derive(Debug)]
pub struct Lowered {
    /// Text and places.
    pub unit: Unit,
    /// Bytes it lays out when every block is laid out once, includes and macros in full.
    pub weight: u64,
    /// Names that it reads and no block gives, those of what it includes among them.
    pub free: Vec<Free>,
}

/// What lowering one template needs of all others.
pub struct Surroundings<'a> {
    /// The weight of each template that can be included: all that this one includes are here.
    pub weights: &'a BTreeMap<String, u64>,
    /// The names of all templates, for did-you-mean.
    pub names: &'a [String],
    /// The free names of each template that can be included; nothing where nobody asks.
    pub free: Option<&'a FreeNames>,
    /// Whether what is read is logged.
    pub tracing: bool,
    /// Source position of each mark: shared by all templates.
    pub marks: &'a mut Vec<u32>,
}

/// Rewrites one parsed template; `None` if anything in it was refused.
pub fn lower(
    written: &TemplateSource,
    tree: &Stmt<'_>,
    all: &mut Surroundings<'_>,
    sink: &mut Sink,
) -> Option<Lowered> {
    let mut lowering = Lowering {
        written,
        all,
        out: String::with_capacity(written.text.len() * 2),
        map: Vec::new(),
        holes: Vec::new(),
        faults: Vec::new(),
        cursor: None,
        macros: BTreeMap::new(),
        scope: Vec::new(),
        free: Vec::new(),
        weight: 0,
        depth: 0,
        sound: true,
    };
    if let Stmt::Template(template) = tree {
        lowering.body(&template.children);
    }
    if !written.text.ends_with('\n') {
        // Where it is included, the line goes on with what follows.
        lowering.cut();
        lowering.out.push('\n');
    }
    if lowering.weight > MAX_WEIGHT {
        let limit = MAX_WEIGHT >> 20;
        lowering.fault(lowering.whole(), format!("`{}` lays out more than {limit} MiB", written.name), "");
    }
    let Lowering { out, map, mut holes, faults, weight, sound, mut free, .. } = lowering;
    free.sort_by_key(|free| free.span);
    free.dedup_by_key(|free| free.span);
    let sound = sound && faults.is_empty();
    sink.extend(faults);
    holes.sort_unstable();
    let unit = Unit { text: Arc::clone(&written.text), start: written.start, lowered: out, map, holes };
    sound.then_some(Lowered { unit, weight, free })
}

/// Work in progress on one template.
pub(super) struct Lowering<'a, 'all> {
    written: &'a TemplateSource,
    pub(super) all: &'a mut Surroundings<'all>,
    pub(super) out: String,
    map: Vec<(u32, Span)>,
    holes: Vec<Span>,
    faults: Vec<Diagnostic>,
    /// Position in the template up to which the text being laid out follows it word for word.
    cursor: Option<usize>,
    /// Macros declared so far: parameters and weight.
    pub(super) macros: BTreeMap<String, (Vec<String>, u64)>,
    /// Names that blocks give here.
    scope: Vec<String>,
    free: Vec<Free>,
    weight: u64,
    /// How many blocks are open: macros stand outside of all.
    depth: usize,
    /// Whether all that it includes can be included.
    sound: bool,
}

impl Lowering<'_, '_> {
    fn body(&mut self, statements: &[Stmt<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(template) => self.body(&template.children),
            Stmt::EmitRaw(raw) => self.text(raw.raw),
            Stmt::EmitExpr(emit) => self.emit(&emit.expr, self.at(emit.span())),
            Stmt::IfCond(branch) => self.branch(branch),
            Stmt::ForLoop(turn) => self.turns(turn, self.head(turn.span())),
            Stmt::Include(include) => self.include(include, self.head(include.span())),
            Stmt::Macro(declared) => self.declare(declared, self.head(declared.span())),
            other => self.refused(other),
        }
    }

    fn text(&mut self, raw: &str) {
        // The syntax tree borrows its texts from the template: their place is their address.
        let offset = (raw.as_ptr() as usize).wrapping_sub(self.written.text.as_ptr() as usize);
        for opener in ["{{", "{%", "{#"] {
            if let Some(at) = raw.find(opener) {
                let help = format!("write it as a value: `{{{{ \"{opener} … \" }}}}`");
                self.refuse(self.bytes(offset + at, offset + at + 2), format!("`{opener}` in a `raw` block"), help);
                return;
            }
        }
        self.follow(offset);
        self.out.push_str(raw);
        self.cursor = Some(offset + raw.len());
        self.weight = self.weight.saturating_add(raw.len() as u64);
    }

    /// Says where in the template the next text stands, unless it follows the text before it.
    fn follow(&mut self, offset: usize) {
        if self.cursor == Some(offset) && !self.out.ends_with('{') {
            return;
        }
        let number = self.all.marks.len();
        self.all.marks.push(self.written.start + offset as u32);
        let _ = write!(self.out, "{MARK_OPEN}{number}{MARK_CLOSE}");
        if self.all.tracing {
            self.out.push_str("{{ __mark() }}");
        }
    }

    /// Says that what comes next does not follow what stands before.
    fn cut(&mut self) {
        // A brace before a tag would open another tag.
        if self.out.ends_with('{') {
            self.cursor = None;
            self.follow(self.written.text.len());
        }
        self.cursor = None;
    }

    fn emit(&mut self, expr: &Expr<'_>, span: Span) {
        if let Expr::Call(call) = expr {
            return self.call(call, span);
        }
        let hole = self.braces(span);
        let offset = (hole.lo - self.written.start) as usize;
        self.follow(offset);
        self.here(hole);
        self.out.push_str("{{ ");
        self.hole(expr);
        self.out.push_str(" }}");
        self.holes.push(hole);
        self.cursor = Some((hole.hi - self.written.start) as usize);
    }

    fn branch(&mut self, branch: &IfCond<'_>) {
        self.cut();
        self.out.push_str("{% if ");
        self.guarded(|lowering| lowering.condition(&branch.expr));
        self.out.push_str(" %}");
        self.block(&branch.true_body);
        if !branch.false_body.is_empty() {
            self.out.push_str("{% else %}");
            self.block(&branch.false_body);
        }
        self.out.push_str("{% endif %}");
        self.leave();
    }

    fn block(&mut self, statements: &[Stmt<'_>]) {
        self.cursor = None;
        self.depth += 1;
        self.body(statements);
        self.depth -= 1;
        self.cut();
    }

    fn guarded(&mut self, condition: impl FnOnce(&mut Self)) {
        if self.all.tracing {
            self.out.push_str("__guard(");
        }
        condition(self);
        if self.all.tracing {
            self.out.push(')');
        }
    }

    fn leave(&mut self) {
        if self.all.tracing {
            self.out.push_str("{{ __leave() }}");
        }
    }

    fn turns(&mut self, turn: &ast::ForLoop<'_>, head: Span) {
        let Expr::Var(target) = &turn.target else {
            return self.refuse(
                head,
                "a loop with several variables",
                "loop over a list of mappings and read their keys",
            );
        };
        self.bindable(target.id, self.at(target.span()));
        if turn.filter_expr.is_some() || turn.recursive {
            self.refuse(head, "a loop that filters or recurs", "put an `if` into the loop");
        }
        if !turn.else_body.is_empty() {
            self.refuse(head, "a loop with `else`", "write an `if` beside the loop");
        }
        self.cut();
        let _ = write!(self.out, "{{% for {} in __items(", target.id);
        self.iterable(&turn.iter);
        self.out.push_str(", ");
        // What a turn weighs is known once its body is written: its digits get their room now, so
        // that nothing after them moves.
        let slot = self.out.len();
        self.out.extend(std::iter::repeat_n(' ', DIGITS));
        if self.all.tracing {
            let _ = write!(self.out, ", \"{}\"", target.id);
        }
        self.out.push_str(") %}");
        let before = self.weight;
        self.scope.push(target.id.to_owned());
        self.block(&turn.body);
        self.scope.pop();
        let weight = (self.weight - before).min(u64::from(u32::MAX)) + TURN;
        self.out.replace_range(slot..slot + DIGITS, &format!("{weight:>DIGITS$}"));
        self.out.push_str("{% endfor %}");
        self.leave();
    }

    fn include(&mut self, include: &ast::Include<'_>, head: Span) {
        let name = match &include.name {
            Expr::Const(name) => name.value.as_str().map(str::to_owned),
            _ => None,
        };
        let Some(name) = name.filter(|_| !include.ignore_missing) else {
            return self.refuse(
                head,
                "an `include` of a name that is not a constant",
                "write the template's name in quotes",
            );
        };
        let Some(weight) = self.all.weights.get(&name) else {
            self.sound = false;
            // A template that was itself refused is known, and has been told of.
            if self.all.names.contains(&name) {
                return;
            }
            let label = text::nearest(&name, self.all.names.iter().map(String::as_str))
                .map_or_else(String::new, |nearest| format!("did you mean `{nearest}`?"));
            return self.fault(head, format!("there is no template `{}`", crate::kinds::shown(&name)), label);
        };
        self.weight = self.weight.saturating_add(*weight);
        for free in self.all.free.and_then(|free| free.get(&name)).into_iter().flatten() {
            if !free.path.first().is_some_and(|first| self.scope.contains(first)) {
                self.free.push(free.clone());
            }
        }
        self.cut();
        self.here(head);
        self.out.push_str("{% include ");
        quote(&mut self.out, &name);
        self.out.push_str(" %}");
    }

    fn declare(&mut self, declared: &Macro<'_>, head: Span) {
        if self.depth > 0 {
            self.refuse(
                head,
                format!("macro `{}` inside a block", declared.name),
                "declare macros at the top of the file",
            );
        }
        if !declared.defaults.is_empty() {
            self.refuse(head, format!("macro `{}` with default arguments", declared.name), "pass every argument");
        }
        self.bindable(declared.name, head);
        let mut names = Vec::new();
        for argument in &declared.args {
            match argument {
                Expr::Var(name) => {
                    self.bindable(name.id, self.at(name.span()));
                    names.push(name.id.to_owned());
                }
                other => self.refuse(self.at(other.span()), "a macro's argument that is not a name", ""),
            }
        }
        self.cut();
        let before = std::mem::take(&mut self.weight);
        let _ = write!(self.out, "{{% macro {}({}) %}}", declared.name, names.join(", "));
        self.forget();
        let around = std::mem::replace(&mut self.scope, names.clone());
        self.block(&declared.body);
        self.scope = around;
        self.out.push_str("{% endmacro %}");
        // Declaring a macro reads the names it encloses.
        self.forget();
        let weight = std::mem::replace(&mut self.weight, before);
        // Only now: a macro that could call itself might never end.
        if self.macros.insert(declared.name.to_owned(), (names, weight)).is_some() {
            self.fault(head, format!("there is a macro `{}` above", declared.name), "give this one another name");
        }
    }

    fn forget(&mut self) {
        if self.all.tracing {
            self.out.push_str("{{ __forget() }}");
        }
    }

    /// A macro's call, which only ever stands alone between braces.
    fn call(&mut self, call: &ast::Call<'_>, span: Span) {
        let Expr::Var(name) = &call.expr else {
            return self.refuse(span, "a call of something other than a macro", "");
        };
        let Some((parameters, weight)) = self.macros.get(name.id).cloned() else {
            let known = self.macros.keys().map(String::as_str);
            let help = match text::nearest(name.id, known) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => "declare it above, with `{% macro … %}`; there are no functions".to_owned(),
            };
            return self.fault(span, format!("`{}` is not a macro declared above", name.id), help);
        };
        let mut arguments = Vec::new();
        for argument in &call.args {
            match argument {
                ast::CallArg::Pos(value) => arguments.push(value),
                _ => return self.refuse(span, "an argument that is passed by name", "pass arguments in their order"),
            }
        }
        if arguments.len() != parameters.len() {
            let message = format!(
                "`{}` takes {} and gets {}",
                name.id,
                text::count(parameters.len(), "argument"),
                arguments.len()
            );
            return self.fault(span, message, "");
        }
        self.weight = self.weight.saturating_add(weight);
        self.cut();
        self.here(span);
        if self.all.tracing {
            for argument in &arguments {
                self.out.push_str("{{ __argument(");
                self.operand(argument);
                self.out.push_str(") }}");
            }
            self.out.push_str("{{ __call(");
            for parameter in &parameters {
                let _ = write!(self.out, "\"{parameter}\", ");
            }
            self.out.push_str(") }}");
        }
        let _ = write!(self.out, "{{{{ {}(", name.id);
        for argument in &arguments {
            self.operand(argument);
            self.out.push_str(", ");
        }
        self.out.push_str(") }}");
        self.leave();
        self.cursor = None;
    }

    fn refused(&mut self, statement: &Stmt<'_>) {
        let (span, what, help) = match statement {
            Stmt::Set(set) => {
                (set.span(), "`set`", "name the value in the service's inventory; templates only lay out")
            }
            Stmt::SetBlock(set) => (set.span(), "`set`", "write the text where it is used, or in a macro"),
            Stmt::WithBlock(with) => (with.span(), "`with`", "write the path where it is used"),
            Stmt::Block(block) => (block.span(), "`block`", "use `include`: templates don't inherit"),
            Stmt::Extends(extends) => (extends.span(), "`extends`", "use `include`: templates don't inherit"),
            Stmt::Import(import) => (import.span(), "`import`", "use `include`; macros belong to their file"),
            Stmt::FromImport(import) => {
                (import.span(), "`from … import`", "use `include`; macros belong to their file")
            }
            Stmt::CallBlock(call) => (call.span(), "`call`", "call the macro between braces: `{{ name(…) }}`"),
            Stmt::AutoEscape(escape) => {
                (escape.span(), "`autoescape`", "values never become text: there is nothing to escape")
            }
            Stmt::FilterBlock(filter) => {
                (filter.span(), "`filter`", "there are no filters: lay values out as they are")
            }
            Stmt::Do(call) => (call.span(), "`do`", "templates only lay out"),
            _ => return,
        };
        self.refuse(self.head(span), what, help);
    }
}

/// Places and refusals.
impl Lowering<'_, '_> {
    pub(super) fn refuse(&mut self, span: Span, what: impl AsRef<str>, help: impl Into<String>) {
        self.fault(span, format!("{} has no place in a template", what.as_ref()), help);
    }

    fn fault(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.faults.push(Diagnostic::new(Code::TemplateLint, message).at(span, help));
    }

    /// Notes that what is written next comes from `span`.
    pub(super) fn here(&mut self, span: Span) {
        self.map.push((self.out.len() as u32, span));
    }

    /// The engine's span among all sources.
    pub(super) fn at(&self, span: machinery::Span) -> Span {
        self.bytes(span.start_offset as usize, span.end_offset as usize)
    }

    pub(super) fn bytes(&self, lo: usize, hi: usize) -> Span {
        let clamp = |at: usize| self.written.start + at.min(self.written.text.len()) as u32;
        Span::new(clamp(lo), clamp(hi.max(lo)))
    }

    fn whole(&self) -> Span {
        self.bytes(0, self.written.text.find('\n').unwrap_or(self.written.text.len()))
    }

    /// The first line of a block: pointing at all of it would point at nothing.
    fn head(&self, span: machinery::Span) -> Span {
        let (lo, hi) = (span.start_offset as usize, span.end_offset as usize);
        let text = self.written.text.get(lo..hi).unwrap_or("");
        let line = text.split(['\n', '%']).next().unwrap_or("").trim_end().len();
        self.bytes(lo, lo + line)
    }

    /// A hole with its braces.
    fn braces(&self, span: Span) -> Span {
        let (lo, hi) = ((span.lo - self.written.start) as usize, (span.hi - self.written.start) as usize);
        let text: &str = &self.written.text;
        let open = text.get(..lo + 2).and_then(|before| before.rfind("{{")).unwrap_or(lo);
        let close = text.get(hi..).and_then(|after| after.find("}}")).map_or(hi, |more| hi + more + 2);
        self.bytes(open, close)
    }

    /// Notes a path whose first name is given from outside.
    pub(super) fn read(&mut self, path: Vec<String>, span: Span) {
        let given = path.first().is_none_or(|first| self.scope.contains(first) || self.macros.contains_key(first));
        if self.all.free.is_some() && !given {
            self.free.push(Free { path, span });
        }
    }

    fn bindable(&mut self, name: &str, span: Span) {
        if name.starts_with("__") || matches!(name, "loop" | "self" | "super" | "caller") {
            self.refuse(span, format!("the name `{name}`"), "choose another name");
        }
    }
}

/// Refuses characters that stand for holes and marks.
pub fn reserved_characters(written: &TemplateSource, sink: &mut Sink) -> bool {
    let mut clean = true;
    for (at, character) in written.text.char_indices().filter(|(_, character)| reserved(*character)) {
        let lo = written.start + at as u32;
        let message = format!("the character U+{:04X} has no place in a template", u32::from(character));
        let label = "private-use characters up to U+E00F mark values: take it out";
        let diagnostic = Diagnostic::new(Code::TemplateLint, message);
        sink.push(diagnostic.at(Span::new(lo, lo + character.len_utf8() as u32), label));
        clean = false;
    }
    clean
}

/// Writes `text` as a string constant of the engine.
pub(super) fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}
