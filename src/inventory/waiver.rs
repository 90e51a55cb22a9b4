//! Waivers: findings that are meant, by their codes.

use super::concept::{At, Decode, Decoder, Named, Shape};
use super::scalar::{Scalar, ScalarKind, ScalarType, fail, texts};
use crate::diag::{Code, FINDINGS};
use crate::source::Node;
use crate::text;

/// Findings that are meant, and why.
pub type Waivers = Named<FindingCode, At<Reason>>;

texts! {
    /// Why a finding is meant.
    Reason: "a reason", reason, r"\S";
}

fn reason(text: &str) -> Result<(), String> {
    fail(!text.trim().is_empty(), "say why it is meant, for those who read it later")
}

/// The code of a finding.
#[derive(Clone, Debug)]
pub struct FindingCode;

impl ScalarType for FindingCode {
    const SCALAR: &'static Scalar = &Scalar {
        name: "FindingCode",
        expected: "the code of a finding",
        kind: ScalarKind::Choice(FINDINGS),
        check: finding,
        pattern: None,
        points: None,
    };
}

/// Only the keys of [`Waivers`] are codes.
impl Decode for FindingCode {
    const SHAPE: &'static Shape = &Shape::Scalar(Self::SCALAR);

    fn decode(_: &Node, _: &mut Decoder<'_>) -> Option<Self> {
        Some(Self)
    }
}

fn finding(name: &str) -> Result<(), String> {
    match Code::named(name) {
        Some(code) if code.info().finding => Ok(()),
        Some(_) => Err("that is a fault of the input: nothing waives it".to_owned()),
        None => Err(match text::nearest(name, FINDINGS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`docs/findings.md` lists them, and `platgen check` says each with its code".to_owned(),
        }),
    }
}
