//! What a reader sees, to the character; and that no input makes a report fail or grow.

use super::*;
use crate::diag::{Code, Label};
use crate::source::{FileId, SourceKind, Span};
use proptest::prelude::*;

/// A map of inventory files, and spans into it by what they cover.
struct Texts {
    map: SourceMap,
    ids: Vec<FileId>,
}

impl Texts {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut map = SourceMap::default();
        let ids = files.iter().map(|(name, text)| map.add(*name, *text, SourceKind::Inventory).unwrap()).collect();
        Self { map, ids }
    }

    fn bytes(&self, file: usize, lo: usize, hi: usize) -> Span {
        self.map.file(self.ids[file]).span(lo, hi)
    }

    /// The first place where `file` says `word`.
    fn word(&self, file: usize, word: &str) -> Span {
        let at = self.map.file(self.ids[file]).text.find(word).unwrap();
        self.bytes(file, at, at + word.len())
    }

    fn human(&self, diagnostics: &[Diagnostic]) -> String {
        Report::new(&self.map).render(Format::Human, diagnostics)
    }
}

/// One labelled span in one file, drawn.
fn drawn(text: &str, lo: usize, hi: usize) -> String {
    let texts = Texts::new(&[("f.yaml", text)]);
    texts.human(&[Diagnostic::new(Code::Syntax, "message").at(texts.bytes(0, lo, hi), "here")])
}

fn typo() -> (Texts, Diagnostic) {
    let text = "services:\n  # the shop\n\n  web: {autoscaling: {minReplicas: 3, maxReplica: 20}}\n";
    let texts =
        Texts::new(&[("overlays/production/overlay.yaml", text), ("base/web.yaml", "a: 1\n\n\nmaxReplicas: 3\n")]);
    let diagnostic = Diagnostic::new(Code::UnknownField, "`maxReplica` is not a field of `autoscaling`")
        .at(texts.word(0, "maxReplica"), "did you mean `maxReplicas`?");
    (texts, diagnostic)
}

#[test]
fn a_typo_is_shown_where_it_was_made() {
    let (texts, diagnostic) = typo();
    insta::assert_snapshot!(texts.human(&[diagnostic]), @"
    error[unknown-field]: `maxReplica` is not a field of `autoscaling`
     --> overlays/production/overlay.yaml:4:39
      |
    4 |   web: {autoscaling: {minReplicas: 3, maxReplica: 20}}
      |                                       ^^^^^^^^^^ did you mean `maxReplicas`?
    ");
}

#[test]
fn several_files_notes_and_advice() {
    let (texts, diagnostic) = typo();
    let diagnostic = diagnostic
        .at(texts.word(1, "maxReplicas"), "it is set here")
        .at(texts.word(0, "web"), "")
        .note("in: production\nand staging")
        .help("remove it");
    let warning = Diagnostic { severity: Severity::Warning, ..Diagnostic::new(Code::EmptyRender, "nothing") };
    insta::assert_snapshot!(texts.human(&[diagnostic, warning]), @"
    error[unknown-field]: `maxReplica` is not a field of `autoscaling`
     --> overlays/production/overlay.yaml:4:39
      |
    4 |   web: {autoscaling: {minReplicas: 3, maxReplica: 20}}
      |   ---                                 ^^^^^^^^^^ did you mean `maxReplicas`?
      |
     ::: base/web.yaml:4:1
      |
    4 | maxReplicas: 3
      | ----------- it is set here
      |
      = note: in: production
              and staging
      = help: remove it

    warning[empty-render]: nothing
    ");
}

#[test]
fn a_file_without_text_is_named() {
    let texts = Texts::new(&[]);
    let diagnostic =
        Diagnostic::new(Code::Unreadable, "is not UTF-8").in_file("base/a\u{1b}.yaml").help("save it as UTF-8");
    insta::assert_snapshot!(texts.human(&[diagnostic]), @"
    error[unreadable]: is not UTF-8
    --> base/a␛.yaml
     = help: save it as UTF-8
    ");
}

#[test]
fn carets_stand_under_wide_characters_tabs_and_ends() {
    insta::assert_snapshot!(drawn("名前: 値\n", 0, 6), @"
    error[syntax]: message
     --> f.yaml:1:1
      |
    1 | 名前: 値
      | ^^^^ here
    ");
    insta::assert_snapshot!(drawn("\ta:\tb\n", 4, 5), @"
    error[syntax]: message
     --> f.yaml:1:5
      |
    1 |     a:    b
      |           ^ here
    ");
    insta::assert_snapshot!(drawn("a: 1\r\nb: 2\r\n", 3, 6), @"
    error[syntax]: message
     --> f.yaml:1:4
      |
    1 | a: 1
      |    ^ here
    ");
    insta::assert_snapshot!(drawn("a: 1\nb: 2", 9, 9), @"
    error[syntax]: message
     --> f.yaml:2:5
      |
    2 | b: 2
      |     ^ here
    ");
    insta::assert_snapshot!(drawn("", 0, 0), @"
    error[syntax]: message
     --> f.yaml:1:1
      |
    1 |
      | ^ here
    ");
    insta::assert_snapshot!(drawn("a: \u{1b}[31m\u{9b}x\u{202e}\n", 3, 8), @"
    error[syntax]: message
     --> f.yaml:1:4
      |
    1 | a: ␛[31m�x�
      |    ^^^^^ here
    ");
}

#[test]
fn a_block_is_framed_and_a_long_one_begun() {
    let text = "web:\n  a: 1\n  b: 2\nc: 3\n".to_owned() + &"d:\n".repeat(100);
    insta::assert_snapshot!(drawn(&text, 7, 19), @"
    error[syntax]: message
     --> f.yaml:2:3
      |
    2 | /   a: 1
    3 | |   b: 2
      | |______^ here
    ");
    insta::assert_snapshot!(drawn(&text, 0, text.len()), @"
    error[syntax]: message
     --> f.yaml:1:1
      |
    1 | web:
      | ^^^^ here
    ");
}

#[test]
fn an_endless_line_shows_a_window_and_the_true_column() {
    let text = "ä".repeat(500_000) + "needle" + &"x".repeat(500_000);
    let (before, after) = ("ä".repeat(50), "x".repeat(84));
    let expected = format!(
        "error[syntax]: message\n --> f.yaml:1:500001\n  |\n1 | …{before}needle{after}…\n  | {}^^^^^^ here\n",
        " ".repeat(51)
    );
    assert_eq!(drawn(&text, 1_000_000, 1_000_006), expected);
    assert!(drawn(&text, 3, text.len()).len() < 2_000);
}

#[test]
fn many_places_and_long_messages_end() {
    let text = "a: 1\n".repeat(10_000);
    let texts = Texts::new(&[("f.yaml", &text)]);
    let labels = (0..10_000).map(|line| Label {
        span: texts.bytes(0, line * 5, line * 5 + 1),
        text: "x".repeat(1 << 10),
        unquoted: false,
    });
    let mut diagnostic = Diagnostic::new(Code::DuplicateKey, "m".repeat(1 << 20));
    diagnostic.labels = labels.collect();
    let human = texts.human(&[diagnostic]);
    assert!(human.contains("note: and 9980 places more") && human.len() < 64 << 10, "{}", human.len());
}

#[test]
fn colour_only_adds_escapes() {
    let (texts, diagnostic) = typo();
    let plain = texts.human(std::slice::from_ref(&diagnostic));
    let coloured = Report { colour: true, ..Report::new(&texts.map) }.render(Format::Human, &[diagnostic]);
    assert!(coloured.contains('\u{1b}') && !plain.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn json_has_its_documented_shape() {
    let (texts, diagnostic) = typo();
    let unreadable = Diagnostic::new(Code::Unreadable, "no such file").in_file("base/x.yaml").note("n").help("h");
    let report = Report { prefix: "infra/", ..Report::new(&texts.map) };
    insta::assert_snapshot!(report.render(Format::Json, &[diagnostic, unreadable]), @r#"
    {
      "counts": {
        "errors": 2,
        "notes": 0,
        "waived": 0,
        "warnings": 0
      },
      "diagnostics": [
        {
          "code": "unknown-field",
          "environments": [],
          "help": [],
          "message": "`maxReplica` is not a field of `autoscaling`",
          "notes": [],
          "places": [
            {
              "column": 39,
              "endColumn": 49,
              "endLine": 4,
              "file": "infra/overlays/production/overlay.yaml",
              "label": "did you mean `maxReplicas`?",
              "line": 4
            }
          ],
          "severity": "error",
          "waived": null
        },
        {
          "code": "unreadable",
          "environments": [],
          "help": [
            "h"
          ],
          "message": "no such file",
          "notes": [
            "n"
          ],
          "places": [
            {
              "file": "infra/base/x.yaml",
              "label": ""
            }
          ],
          "severity": "error",
          "waived": null
        }
      ]
    }
    "#);
}

#[test]
fn github_gets_one_command_a_finding() {
    let (texts, diagnostic) = typo();
    let diagnostic = diagnostic.at(texts.word(1, "maxReplicas"), "it is set here").note("100%");
    let note = Diagnostic { severity: Severity::Note, ..Diagnostic::new(Code::Unreadable, "x") }.in_file("a,b.yaml");
    let report = Report { prefix: "infra/", ..Report::new(&texts.map) };
    insta::assert_snapshot!(report.render(Format::Github, &[diagnostic, note]), @"
    ::error file=infra/overlays/production/overlay.yaml,line=4,col=39,endLine=4,endColumn=49,title=unknown-field::`maxReplica` is not a field of `autoscaling`%0Adid you mean `maxReplicas`?%0Anote: 100%25%0Ainfra/base/web.yaml:4:1 it is set here
    ::notice file=infra/a%2Cb.yaml,title=unreadable::x
    ");
}

#[test]
fn sarif_has_what_its_schema_requires() {
    let (texts, diagnostic) = typo();
    let diagnostic = diagnostic.at(texts.word(1, "maxReplicas"), "it is set here");
    let sarif = Report::new(&texts.map).render(Format::Sarif, &[diagnostic]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let driver = &sarif["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "platgen");
    let result = &sarif["runs"][0]["results"][0];
    let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(driver["rules"][rule]["id"], result["ruleId"]);
    assert_eq!(driver["rules"].as_array().unwrap().len(), crate::diag::CODES.len());
    // Where a rule stands in the table is checked above and changes with every new code.
    let mut result = result.clone();
    result["ruleIndex"] = 0.into();
    insta::assert_snapshot!(format!("{result:#}"), @r#"
    {
      "level": "error",
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "overlays/production/overlay.yaml"
            },
            "region": {
              "endColumn": 49,
              "endLine": 4,
              "startColumn": 39,
              "startLine": 4
            }
          }
        }
      ],
      "message": {
        "text": "`maxReplica` is not a field of `autoscaling`\ndid you mean `maxReplicas`?"
      },
      "relatedLocations": [
        {
          "message": {
            "text": "it is set here"
          },
          "physicalLocation": {
            "artifactLocation": {
              "uri": "base/web.yaml"
            },
            "region": {
              "endColumn": 12,
              "endLine": 4,
              "startColumn": 1,
              "startLine": 4
            }
          }
        }
      ],
      "ruleId": "unknown-field",
      "ruleIndex": 0
    }
    "#);
}

#[test]
fn what_is_built_in_is_not_sought_in_the_project() {
    let mut map = SourceMap::default();
    let id = map.add("defaults.yaml", "a: 1\n", SourceKind::Builtin).unwrap();
    let diagnostic = Diagnostic::new(Code::Syntax, "x").at(map.file(id).span(0, 1), "");
    let report = Report { prefix: "infra/", ..Report::new(&map) };
    assert_eq!(
        report.render(Format::Github, std::slice::from_ref(&diagnostic)),
        "::error title=syntax::x%0Aat defaults.yaml:1:1\n"
    );
    let sarif: serde_json::Value = serde_json::from_str(&report.render(Format::Sarif, &[diagnostic])).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!((result.get("locations"), &result["message"]["text"]), (None, &"x\nat defaults.yaml:1:1".into()));
}

#[test]
fn formats_are_named() {
    for format in Format::ALL {
        assert_eq!(Format::named(format.name()), Some(format));
    }
    assert_eq!(Format::named("xml"), None);
}

proptest! {
    #[test]
    fn no_input_breaks_a_report(
        first in "[ a:ä漢\t\r\n\u{1b}\u{85}\u{feff}\u{202e}\u{e000}\u{200d}\u{301}👩]{0,400}",
        second in "([a漢]{0,300}\n){0,12}",
        message in any::<String>(),
        spots in proptest::collection::vec((0u32..4_000, 0u32..500, any::<String>()), 0..6),
        path in proptest::option::of(any::<String>()),
    ) {
        let texts = Texts::new(&[("first", &first), ("a\u{1b}b", &second)]);
        let mut diagnostic = Diagnostic::new(Code::Syntax, message.clone()).note(message.clone()).help(message);
        diagnostic.path = path;
        for (lo, length, text) in spots {
            diagnostic = diagnostic.at(Span::new(lo, lo.saturating_add(length)), text);
        }
        for format in Format::ALL {
            let text = Report::new(&texts.map).render(format, std::slice::from_ref(&diagnostic));
            prop_assert!(text.ends_with('\n'));
            if format == Format::Human {
                prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{:?}", text);
                prop_assert!(!text.contains(['\u{e000}', '\u{202e}']), "{:?}", text);
            }
        }
    }
}
