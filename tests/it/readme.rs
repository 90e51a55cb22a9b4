//! The manual is true: what README.md shows is what platgen does, to the byte.

use crate::harness::{Case, repository};
use crate::judged::ENVIRONMENTS;

/// A fenced block: what it is of, and its text.
struct Block {
    language: String,
    text: String,
}

fn blocks() -> Vec<Block> {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("a manual");
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in readme.lines() {
        match line.strip_prefix("```") {
            Some(language) if !open => {
                blocks.push(Block { language: language.to_owned(), text: String::new() });
                open = true;
            }
            Some(_) => open = false,
            None if open => {
                if let Some(block) = blocks.last_mut() {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
            }
            None => {}
        }
    }
    assert!(!open, "a fence of README.md does not close");
    blocks
}

/// A command shown in a console and what it prints.
struct Shown {
    command: String,
    output: String,
}

fn shown() -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    for block in blocks().into_iter().filter(|block| block.language == "console") {
        let mut of_block: Vec<Shown> = Vec::new();
        for line in block.text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                of_block.push(Shown { command: command.to_owned(), output: String::new() });
                continue;
            }
            let last = of_block.last_mut().expect("a console block begins with a command");
            last.output.push_str(line);
            last.output.push('\n');
        }
        all.append(&mut of_block);
    }
    all
}

/// The words of a command of ours, without a comment and what it is piped into; `None` for others'.
fn words(command: &str) -> Option<Vec<String>> {
    let ours = command.split(" | ").next()?.split(" #").next()?.trim_end();
    let rest = ours.strip_prefix("platgen ").or_else(|| ours.strip_prefix("cargo run --release -- "))?;
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in rest.chars() {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            character => words.last_mut()?.push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    Some(words)
}

fn reference() -> Case {
    Case::new("README").repository_folder("base").repository_folder("overlays")
}

/// The file, line number and line that an excerpt shows.
fn excerpt(output: &str) -> Option<(&str, usize, &str)> {
    let place = output.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let file = place.split(':').next()?;
    let (number, line) = output.lines().find_map(|line| {
        let (number, line) = line.split_once(" | ")?;
        Some((number.trim().parse().ok()?, line))
    })?;
    Some((file, number, line))
}

#[test]
fn consoles_show_what_is_printed() {
    let (mut run, mut compared) = (0, 0);
    for Shown { command, output } in shown() {
        let Some(words) = words(&command) else { continue };
        run += 1;
        if output.is_empty() {
            reference().args(&words).run().code(0).stderr_is_empty();
            continue;
        }
        compared += 1;
        match excerpt(&output).filter(|_| output.starts_with("error")) {
            // The mistake that is shown is planted where it is shown.
            Some((file, number, line)) => {
                let mut lines = vec!["# planted"; number];
                lines[number - 2] = "services:";
                lines[number - 1] = line;
                let planted = reference().file(file, lines.join("\n") + "\n");
                planted.args(&words).run().code(2).stdout_is_empty().stderr(&output);
            }
            None => drop(reference().args(&words).run().code(0).stderr_is_empty().stdout(&output)),
        }
    }
    assert!(run >= 4 && compared >= 2, "{run} commands run, {compared} compared");
}

/// A block that names its file in a comment on its first line.
fn file(block: &Block) -> Option<&str> {
    block
        .text
        .lines()
        .next()?
        .strip_prefix("# ")
        .filter(|path| path.starts_with("base/") || path.starts_with("overlays/"))
}

#[test]
fn the_inventory_that_is_shown_renders() {
    let shown: Vec<Block> = blocks().into_iter().filter(|block| file(block).is_some()).collect();
    let case =
        || shown.iter().fold(Case::new("README"), |case, block| case.file(file(block).unwrap_or("x"), &block.text));
    assert!(shown.len() >= 2, "{} files shown", shown.len());
    for (environment, kinds) in [("base", 11), ("production", 12)] {
        let output = case().args(["render", environment]).run().code(0).stderr_is_empty();
        let objects = output.out().matches("\nkind: ").count();
        assert!(objects >= kinds, "{environment}: {objects} objects\n{output}");
    }
    let production = case().args(["render", "production"]).run().code(0);
    production
        .stdout_contains("namespace: shop-production\n")
        .stdout_contains("maxReplicas: 20\n")
        .stdout_contains("storage: 100Gi\n")
        .stdout_contains("value: postgresql://shop:$(DATABASE_URL_PASSWORD)@db:5432/shop\n");
}

#[test]
fn the_template_that_is_shown_lays_out_an_object() {
    let shown = blocks().into_iter().find(|block| block.text.starts_with("{% if "));
    let template = shown.expect("a template in README.md").text;
    let count = |case: Case| {
        let output = case.args(["render", "production"]).run().code(0).stderr_is_empty();
        output.out().matches("kind: ServiceMonitor\n").count()
    };
    let own = count(reference().file("templates/common/service-monitor.yaml.j2", template));
    assert!(own > 1);
    assert_eq!(own, count(reference()));
}

#[test]
fn every_environment_of_the_reference_platform_passes_check() {
    for environment in ENVIRONMENTS {
        reference().args(["check", environment]).run().code(0).stdout_is_empty();
    }
    reference().args(["check"]).run().code(0).stderr_contains("12 services × 4 environments");
}

#[test]
fn services_of_one_s_own_take_the_place_of_those_that_init_wrote() {
    let own = blocks().into_iter().find(|block| file(block) == Some("base/services.yaml"));
    let own = own.expect("services of one's own in README.md").text;
    let made = Case::new("five minutes").args(["init", "mine"]).run().code(0);
    let project = made.folder().join("mine");
    std::fs::write(project.join("base/services.yaml"), own).unwrap();
    let here = project.to_string_lossy();
    Case::new("check").args(["-C", &here, "check"]).run().code(0).stderr_contains("3 services × 4 environments: no ");
    let rendered = Case::new("render").args(["-C", &here, "render", "production"]).run().code(0);
    rendered.stdout_contains("minReplicas: 3\n").stdout_contains("  name: sessions\n");
}
