//! The checker of PromQL against what promtool says of the same expressions, and where it points.

use crate::judges;
use platgen::kinds::check_promql;

/// Expressions that Prometheus loads.
const FINE: &[&str] = &[
    "up == 0",
    "1",
    "vector(1)",
    "-2 ^ 2",
    "sum by (job, le) (rate(http_requests_total{code=~\"5..\"}[5m]))",
    "sum(rate(a[5m])) by (job) / sum(rate(b[5m])) by (job) > 0.05",
    "sum without () (up)",
    "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m]))) > 1",
    "a / on (instance) group_left (version) b",
    "a / ignoring (x,) group_right b",
    "a and on () b or c unless d",
    "absent(up{job=\"x\"} == 1)",
    "max_over_time(rate(a[5m])[1h:1m])",
    "max_over_time((a + b)[30m:])",
    "rate(a[5m] offset 1h) > bool 1",
    "a offset -5m",
    "a @ end() offset 5m",
    "rate(a[5m] @ 1609746000)",
    "predict_linear(kubelet_volume_stats_available_bytes[6h], 4 * 24 * 3600) < 0",
    "label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")",
    "label_join(up, \"a\", \",\", \"b\", \"c\")",
    "{__name__=~\"job:.+\", job!=\"\"}",
    "job:errors:rate5m{job='x'} > 14.4 * 0.001",
    "topk(5, up)",
    "quantile(0.9, up)",
    "count_values(\"version\", build_info)",
    "hour() > 8 and hour(timestamp(up)) < 20",
    "time() - process_start_time_seconds > 3600",
    "round(up, 0.1)",
    "1 > bool 2",
    "up > Inf",
    "a % b atan2 c",
    "up # a comment\n == 0",
    "sum(up) > 0x1F",
    "a > 1e-3",
    "up{job=`x\\y`}",
    "up{a=\"\\\"\", b='\\''}",
    "sum",
    "+up",
    "clamp(up, 0, 1)",
    "quantile_over_time(0.9, up[1h30m])",
    "scalar(up) * 2",
    "(((up)))",
    "up{}",
    "up{job=\"x\",}",
    "and",
    "SUM BY (job) (up) OR vector(0)",
];

/// Expressions that it does not load, and what of them is pointed at.
const WRONG: &[(&str, &str)] = &[
    ("", ""),
    ("sum(", ""),
    ("sum(up", ""),
    ("up ==", ""),
    ("up = 0", "="),
    ("rate(up)", "up"),
    ("rat(up[5m])", "rat"),
    ("rate(up[5])", "5"),
    ("rate(up[5x])", "5x"),
    ("rate(up[5m]", ""),
    ("up[5m]", "up[5m]"),
    ("\"text\"", "\"text\""),
    ("up{job=x}", "x"),
    ("up{job=\"x}", "\""),
    ("up{job}", "}"),
    ("up{job==\"x\"}", "=="),
    ("up{job=~\"(\"}", "\"(\""),
    ("up{job=~\"*\"}", "\"*\""),
    ("{}", "{}"),
    ("{job=\"\"}", "{job=\"\"}"),
    ("{job=~\".*\"}", "{job=~\".*\"}"),
    ("1 == 2", "=="),
    ("1 and up", "and"),
    ("up + bool 1", "bool"),
    ("a / on (x) 1", "on"),
    ("a and on (x) group_left b", "group_left"),
    ("histogram_quantile(up)", "up"),
    ("histogram_quantile(0.5)", "histogram_quantile(0.5)"),
    ("abs(up, 1)", "1"),
    ("topk(up)", "up"),
    ("sum(1)", "1"),
    ("sum(up, up)", ","),
    ("max_over_time(rate(a[5m])[1h])", "rate(a[5m])[1h]"),
    ("rate(a offset 5m [5m])", "a offset 5m [5m]"),
    ("(a + b) offset 5m", "offset"),
    ("a b", "b"),
    ("a)", ")"),
    ("up ! 1", "!"),
    ("sum by job (up)", "job"),
    ("up @ now()", "now"),
    ("up{a=\"\\q\"}", "\\q"),
    ("a[5m] + 1", "a[5m]"),
    ("-a[5m]", "a[5m]"),
    ("$selector", "$selector"),
];

#[test]
fn expressions_that_load_pass() {
    for text in FINE {
        assert_eq!(check_promql(text, &[]), Ok(()), "{text}");
    }
}

#[test]
fn faults_are_pointed_at() {
    for (text, pointed) in WRONG {
        let fault = check_promql(text, &[]).expect_err(text);
        assert_eq!(&text[fault.at.clone()], *pointed, "{text}: {fault:?}");
    }
}

#[test]
fn promtool_agrees() {
    let rules = |texts: &[&str]| {
        let rule = |text: &&str| format!("  - record: r\n    expr: {}\n", serde_json::to_string(text).expect("a text"));
        let rules: String = texts.iter().map(rule).collect();
        format!("groups:\n- name: g\n  rules:\n{rules}")
    };
    // Whether a rule's result is a vector, promtool does not ask; Prometheus does when it evaluates.
    let wrong = WRONG.iter().map(|(text, _)| *text).filter(|text| !["up[5m]", "\"text\""].contains(text));
    let files: Vec<String> = std::iter::once(rules(FINE)).chain(wrong.map(|text| rules(&[text]))).collect();
    let Some(verdicts) = judges::promtool_check_each(&files) else { return };
    assert_eq!(verdicts[0], None);
    for (file, verdict) in files.iter().zip(&verdicts).skip(1) {
        assert!(verdict.is_some(), "promtool takes\n{file}");
    }
}

#[test]
fn placeholders_stand_among_matchers() {
    for text in ["up{$selector}", "up{$selector, code=\"500\"}", "sum(rate(a{code=\"1\",$pods}[5m]))"] {
        assert_eq!(check_promql(text, &["selector", "pods"]), Ok(()), "{text}");
    }
    for text in ["up{$selecto}", "up{a=$selector}", "sum($selector)"] {
        assert!(check_promql(text, &["selector", "pods"]).is_err(), "{text}");
    }
}

#[test]
fn no_text_brings_the_checker_down() {
    // Every prefix, and every text with one character less, is cut at characters' boundaries.
    for text in FINE.iter().copied().chain(WRONG.iter().map(|(text, _)| *text)) {
        for at in 0..text.len() {
            let _ = check_promql(&text[..at], &[]);
            let _ = check_promql(&format!("{}ä{}", &text[..at], &text[at..]), &[]);
            let _ = check_promql(&format!("{}{}", &text[..at], &text[at + 1..]), &[]);
        }
    }
    assert!(check_promql(&"(".repeat(100_000), &[]).is_err());
    assert!(check_promql(&"-".repeat(100_000), &[]).is_err());
}
