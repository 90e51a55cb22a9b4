//! The expressions of the template language.
//!
//! A hole is a path, a string, or several joined with `~`. A condition is made of paths, `not`,
//! `and`, `or`, `==`, `!=`, `in` and `is none`. Nothing computes.

use super::lower::{Lowering, quote};
use crate::source::Span;
use minijinja::machinery::ast::{BinOpKind, Const, Expr, GetItem, Test, UnaryOpKind};
use minijinja::value::ValueKind;

/// Words of Jinja's filters people will try, and what to do instead.
const FILTERS: &[(&str, &str)] = &[
    ("default", "a value nobody set is `none` and drops its key; defaults belong in the inventory"),
    ("d", "a value nobody set is `none` and drops its key; defaults belong in the inventory"),
    ("safe", "values never become text: there is nothing to escape"),
    ("quote", "values keep their type: a string stays a string"),
    ("string", "values keep their type"),
    ("int", "values keep their type"),
    ("tojson", "write the value as it is: mappings and lists are laid out whole"),
    ("toyaml", "write the value as it is: mappings and lists are laid out whole"),
    ("indent", "write the value as it is: mappings and lists are laid out whole"),
    ("join", "join with `~`, or derive the value from the inventory"),
    ("length", "ask `{% if list %}`: an empty list is false"),
];

impl Lowering<'_, '_> {
    /// What `{{ }}` holds.
    pub(super) fn hole(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Const(constant) if constant.value.kind() != ValueKind::String => {
                self.refuse(self.at(constant.span()), "a constant between braces", "write it without braces");
            }
            _ => self.operand(expr),
        }
    }

    /// A value that is read: a path, a constant, or several joined.
    pub(super) fn operand(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) => self.path(expr),
            Expr::Const(constant) => self.constant(constant, self.at(constant.span())),
            Expr::BinOp(op) if matches!(op.op, BinOpKind::Concat) => {
                self.here(self.around(expr));
                self.out.push_str("__join(");
                self.joined(expr);
                self.out.push(')');
            }
            other => self.refused_expression(other),
        }
    }

    fn joined(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::BinOp(op) if matches!(op.op, BinOpKind::Concat) => {
                self.joined(&op.left);
                self.joined(&op.right);
            }
            _ => {
                self.operand(expr);
                self.out.push_str(", ");
            }
        }
    }

    /// What a loop goes through.
    pub(super) fn iterable(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) => self.path(expr),
            other => self.refuse(
                self.around(other),
                "a loop over something other than a path",
                "name the list in the inventory",
            ),
        }
    }

    /// What `if` asks.
    pub(super) fn condition(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::UnaryOp(op) if matches!(op.op, UnaryOpKind::Not) => {
                self.out.push_str("(not ");
                self.condition(&op.expr);
                self.out.push(')');
            }
            Expr::BinOp(op) => match op.op {
                BinOpKind::ScAnd | BinOpKind::ScOr => {
                    self.out.push('(');
                    self.condition(&op.left);
                    self.out.push_str(if matches!(op.op, BinOpKind::ScAnd) { " and " } else { " or " });
                    self.condition(&op.right);
                    self.out.push(')');
                }
                BinOpKind::Eq | BinOpKind::Ne => {
                    self.out.push('(');
                    self.operand(&op.left);
                    self.out.push_str(if matches!(op.op, BinOpKind::Eq) { " == " } else { " != " });
                    self.operand(&op.right);
                    self.out.push(')');
                }
                BinOpKind::In => {
                    self.here(self.around(expr));
                    self.out.push_str("__in(");
                    self.operand(&op.left);
                    self.out.push_str(", ");
                    self.choices(&op.right);
                    self.out.push(')');
                }
                BinOpKind::Lt | BinOpKind::Lte | BinOpKind::Gt | BinOpKind::Gte => {
                    self.refuse(
                        self.around(expr),
                        "a comparison of sizes",
                        "templates compare with `==`, `!=` and `in`; derive the answer from the inventory",
                    );
                }
                _ => self.refused_expression(expr),
            },
            Expr::Test(test) => self.test(test, self.around(expr)),
            other => self.operand(other),
        }
    }

    fn test(&mut self, test: &Test<'_>, span: Span) {
        match test.name {
            "none" => {
                self.out.push_str("__none(");
                self.operand(&test.expr);
                self.out.push(')');
            }
            "defined" | "undefined" => {
                let help = "every name is there or is an error; ask for an unset one with `is none`";
                self.refuse(span, format!("`is {}`", test.name), help);
            }
            other => self.refuse(span, format!("`is {other}`"), "the only test is `is none`"),
        }
    }

    /// The right side of `in`: a path, or a list of constants.
    fn choices(&mut self, expr: &Expr<'_>) {
        let Expr::List(list) = expr else {
            return self.operand(expr);
        };
        self.out.push('[');
        for item in &list.items {
            match item {
                Expr::Const(constant) => self.constant(constant, self.at(constant.span())),
                other => self.refuse(self.around(other), "a list of something other than constants", ""),
            }
            self.out.push_str(", ");
        }
        self.out.push(']');
    }

    fn path(&mut self, expr: &Expr<'_>) {
        // The engine tells the place of a bare name by its line alone.
        self.out.push('\n');
        let span = self.around(expr);
        self.here(span);
        self.read(steps_of(expr), span);
        match expr {
            Expr::Var(name) if self.all.tracing => {
                // A scalar that a loop or a macro's argument holds has no path of its own.
                self.out.push_str("__name(\"");
                self.out.push_str(name.id);
                self.out.push_str("\", ");
                self.name(expr);
                self.out.push(')');
            }
            _ => self.steps(expr),
        }
    }

    fn name(&mut self, expr: &Expr<'_>) {
        let Expr::Var(name) = expr else { return };
        let span = self.at(name.span());
        if name.id.starts_with("__") || matches!(name.id, "self" | "super" | "caller") {
            self.refuse(span, format!("the name `{}`", name.id), "");
        } else if name.id == "loop" {
            self.refuse(span, "`loop`", "number or name the items in the inventory");
        } else if self.macros.contains_key(name.id) {
            self.refuse(span, format!("macro `{}` without a call", name.id), "call it: `{{ name(…) }}`");
        }
        self.out.push_str(name.id);
    }

    fn steps(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Var(_) => self.name(expr),
            Expr::GetAttr(step) => {
                self.steps(&step.expr);
                if step.name.starts_with("__") {
                    self.refuse(self.at(step.span()), format!("the name `{}`", step.name), "");
                }
                self.out.push('.');
                self.out.push_str(step.name);
            }
            Expr::GetItem(step) => self.subscript(step),
            other => self.refused_expression(other),
        }
    }

    fn subscript(&mut self, step: &GetItem<'_>) {
        self.steps(&step.expr);
        self.out.push('[');
        match &step.subscript_expr {
            Expr::Const(key)
                if key.value.as_str().is_some_and(|key| !key.starts_with("__")) || key.value.is_integer() =>
            {
                self.constant(key, self.at(key.span()));
            }
            other => self.refuse(
                self.around(other),
                "a key that is not a constant",
                "derive a list of mappings instead, and loop over it",
            ),
        }
        self.out.push(']');
    }

    fn constant(&mut self, constant: &Const, span: Span) {
        let value = &constant.value;
        match value.kind() {
            ValueKind::String => quote(&mut self.out, value.as_str().unwrap_or_default()),
            ValueKind::None => self.out.push_str("none"),
            ValueKind::Bool => self.out.push_str(if value.is_true() { "true" } else { "false" }),
            // Decimal whatever the spelling was: the engine reads back the same number.
            ValueKind::Number => self.out.push_str(&value.to_string()),
            _ => self.refuse(span, "this constant", ""),
        }
    }

    fn refused_expression(&mut self, expr: &Expr<'_>) {
        let (what, help) = match expr {
            Expr::Filter(filter) => return self.filter(filter.name, self.around(expr)),
            Expr::Call(_) => ("a call within an expression", "a macro's call stands alone: `{{ name(…) }}`"),
            Expr::IfExpr(_) => {
                ("an `if` within an expression", "use `{% if … %}`, or derive the value from the inventory")
            }
            Expr::Slice(_) => ("a slice", "derive the list from the inventory"),
            Expr::List(_) | Expr::Tuple(_) => ("a list", "write it as YAML"),
            Expr::Map(_) => ("a mapping between braces", "write it as YAML; quote a value that begins with `{`"),
            Expr::Test(_) | Expr::Compare(_) => ("a question outside of `if`", "templates ask only in `{% if … %}`"),
            Expr::BinOp(op) if matches!(op.op, BinOpKind::Add) => {
                ("arithmetic", "join texts with `~`; derive numbers from the inventory")
            }
            Expr::UnaryOp(_) | Expr::BinOp(_) => {
                ("arithmetic or logic in a value", "derive the value from the inventory")
            }
            Expr::Var(_) | Expr::Const(_) | Expr::GetAttr(_) | Expr::GetItem(_) => {
                ("this expression", "write a path or a string")
            }
        };
        self.refuse(self.around(expr), what, help);
    }

    fn filter(&mut self, name: &str, span: Span) {
        let known = FILTERS.iter().find(|(known, _)| *known == name.to_lowercase());
        let help = known.map_or("there are no filters: derive the value from the inventory", |(_, help)| help);
        self.refuse(span, format!("the filter `{name}`"), help);
    }

    /// The span of an expression. The engine's own spans of operators begin a word early.
    pub(super) fn around(&self, expr: &Expr<'_>) -> Span {
        match expr {
            Expr::BinOp(op) => Span::new(self.around(&op.left).lo, self.around(&op.right).hi),
            Expr::GetAttr(step) => Span::new(self.around(&step.expr).lo, self.at(step.span()).hi),
            Expr::GetItem(step) => Span::new(self.around(&step.expr).lo, self.at(step.span()).hi),
            Expr::Test(test) => Span::new(self.around(&test.expr).lo, self.at(test.span()).hi),
            Expr::Filter(filter) => match &filter.expr {
                Some(inner) => Span::new(self.around(inner).lo, self.at(filter.span()).hi),
                None => self.at(filter.span()),
            },
            other => self.at(other.span()),
        }
    }
}

/// The names of a path, as far as they are names.
fn steps_of(expr: &Expr<'_>) -> Vec<String> {
    match expr {
        Expr::Var(name) => vec![name.id.to_owned()],
        Expr::GetAttr(step) => {
            let mut path = steps_of(&step.expr);
            path.push(step.name.to_owned());
            path
        }
        // Behind an item of a list nothing is known.
        Expr::GetItem(step) => steps_of(&step.expr).into_iter().take(1).collect(),
        _ => Vec::new(),
    }
}
