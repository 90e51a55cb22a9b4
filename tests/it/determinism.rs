//! Same input, same bytes: at any number of threads, from any folder, with the cache on and off.

use crate::harness::Case;

#[path = "../../benches/generator.rs"]
pub mod generator;

fn generated(services: usize) -> Case {
    generator::project(services).into_iter().fold(Case::new("generated"), |case, (path, text)| case.file(&path, text))
}

#[test]
fn threads_folders_and_the_cache_change_no_byte() {
    let expected = generated(120).args(["render", "production", "--threads", "1"]).run().code(0).stderr_is_empty();
    for args in [
        vec!["render", "production", "--threads", "8"],
        vec!["render", "production", "--no-skeleton-cache"],
        vec!["-C", "..", "render", "production", "--threads", "3"],
        vec!["--color", "always", "render", "production"],
    ] {
        let case = if args[0] == "-C" { generated(120).cwd("overlays") } else { generated(120) };
        let case = if args[0] == "render" { case.cwd("base") } else { case };
        let case = if args[0] == "--color" { case.cwd("overlays/production") } else { case };
        let again = case.args(&args).run().code(0);
        assert!(again.out() == expected.out(), "{args:?} gives other bytes");
    }
}

#[test]
fn json_and_yaml_say_the_same() {
    let yaml = generated(40).args(["render", "production"]).run().code(0);
    let json = generated(40).args(["render", "production", "-o", "json"]).run().code(0);
    let list: serde_json::Value = serde_json::from_str(json.out()).unwrap();
    let documents: Vec<serde_json::Value> = serde_yaml::Deserializer::from_str(yaml.out())
        .map(|document| serde::Deserialize::deserialize(document).unwrap())
        .collect();
    assert_eq!(list["items"].as_array().unwrap(), &documents);
    assert!(documents.len() > 200);
}
