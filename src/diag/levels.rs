//! Severities of findings as the command line asks for them, in place of the table's.

use super::{Code, Severity};

/// The severity that was asked for each code; `None` for one that is allowed.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    asked: Vec<(Code, Option<Severity>)>,
}

impl Levels {
    /// Asks for a severity, or with `None` for silence. The code's earlier answer, if there was one.
    pub fn ask(&mut self, code: Code, level: Option<Severity>) -> Option<Option<Severity>> {
        let before = self.of(code);
        if before.is_none() {
            self.asked.push((code, level));
        }
        before
    }

    /// What was asked for this code, if anything.
    #[must_use]
    pub fn of(&self, code: Code) -> Option<Option<Severity>> {
        self.asked.iter().find(|(asked, _)| *asked == code).map(|(_, level)| *level)
    }
}
