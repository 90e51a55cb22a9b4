//! How many of what severity, for summary lines and exit codes.

use crate::diag::{Diagnostic, Severity};
use crate::text;

/// Numbers of diagnostics by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Diagnostics that make a run fail.
    pub errors: usize,
    /// Diagnostics that are probably right.
    pub warnings: usize,
    /// Diagnostics that are worth a look.
    pub notes: usize,
    /// Diagnostics that are meant, with a reason.
    pub waived: usize,
}

impl Counts {
    /// Counts `diagnostics`.
    #[must_use]
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let live = || diagnostics.iter().filter(|diagnostic| diagnostic.waived.is_none());
        let number = |severity| live().filter(|diagnostic| diagnostic.severity == severity).count();
        Self {
            errors: number(Severity::Error),
            warnings: number(Severity::Warning),
            notes: number(Severity::Note),
            waived: diagnostics.len() - live().count(),
        }
    }

    /// Whether there are none at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.errors == 0 && self.warnings == 0 && self.notes == 0
    }

    /// A summary line with what follows from it: `2 errors; nothing was rendered`.
    #[must_use]
    pub fn summary(self, consequence: &str) -> String {
        if consequence.is_empty() { self.to_string() } else { format!("{self}; {consequence}") }
    }
}

impl std::fmt::Display for Counts {
    /// `2 errors, 1 warning, 1 waived`; what there is none of is left out, `no findings` if all is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counted = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let mut parts: Vec<String> = counted
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| text::count(number, noun))
            .collect();
        if parts.is_empty() {
            parts.push("no findings".to_owned());
        }
        if self.waived > 0 {
            parts.push(format!("{} waived", self.waived));
        }
        f.write_str(&parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;

    #[test]
    fn a_summary_names_what_there_is_and_what_follows() {
        let error = Diagnostic::new(Code::UnknownField, "x");
        let warning = Diagnostic { severity: Severity::Warning, ..error.clone() };
        let meant = Diagnostic { waived: Some("one node".to_owned()), ..error.clone() };
        let counts = Counts::of(&[error.clone(), warning, meant, error]);
        assert_eq!(counts, Counts { errors: 2, warnings: 1, notes: 0, waived: 1 });
        assert_eq!(counts.summary("nothing was rendered"), "2 errors, 1 warning, 1 waived; nothing was rendered");
        assert_eq!(Counts::default().summary(""), "no findings");
    }
}
