//! `plugin doctor`: every way to start the plugin is tried with a small project, and what came of it is said.
//! A way that gives nothing without a word is the worst of all, so that is counted as a failure.

use super::{DONE, FOUND, context, plugin};
use crate::emit::{Scratch, scaffold};
use crate::load::Wanted;
use crate::pipeline::{Settings, compile};
use crate::plugin::{OURS, RELATIVE};
use crate::source::{Files as _, Folder, io_reason};
use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// The environment of the small project that is tried.
const ENVIRONMENT: &str = "dev";

/// Runs the command.
pub(super) fn run() -> Result<u8> {
    let mut out = String::new();
    let _ = writeln!(out, "{}", installed());
    let trial = Trial::new()?;
    let mut works = false;
    for (program, version) in [("kubectl", &["version", "--client"][..]), ("kustomize", &["version"][..])] {
        let Some(version) = said(Command::new(program).args(version)).ok().map(|(text, _)| text) else {
            let _ = writeln!(out, "{program}: not on the PATH");
            continue;
        };
        let _ = writeln!(out, "{program}: {}", version.lines().map(str::trim).collect::<Vec<_>>().join(", "));
        for (args, folder, what) in ways(program) {
            let verdict = trial.run(program, args, folder);
            works |= verdict.is_ok();
            let shown = args.join(" ");
            let _ = match verdict {
                Ok(()) => writeln!(out, "  works   {program} {shown} DIR   ({what})"),
                Err(reason) => writeln!(out, "  fails   {program} {shown} DIR   ({what}): {reason}"),
            };
        }
        if program == "kubectl" {
            out.push_str(
                "  never   kubectl apply -k DIR: refuses plugins; pipe `kubectl kustomize` into `kubectl apply -f -`\n",
            );
        }
    }
    out.push_str(if works {
        "the plugin works here; what is committed needs no plugin at all, and is what Flux and `kubectl apply -k` want\n"
    } else {
        "no way works here: `platgen render ENV | kubectl apply -f -` needs none of them\n"
    });
    context::print(&out)?;
    Ok(if works { DONE } else { FOUND })
}

/// A way to start the plugin: arguments, folder of the trial, what it is.
type Way = (&'static [&'static str], &'static str, &'static str);

fn ways(program: &str) -> &'static [Way] {
    match program {
        "kubectl" => &[
            (&["kustomize", "--enable-alpha-plugins"], "overlays/dev", "legacy exec plugin, generator"),
            (&["kustomize", "--enable-alpha-plugins"], "transformer", "legacy exec plugin, transformer"),
            // It has no --enable-exec, and says nothing of what it leaves out.
            (&["kustomize", "--enable-alpha-plugins"], "function", "KRM function"),
        ],
        _ => &[
            (&["build", "--enable-alpha-plugins"], "overlays/dev", "legacy exec plugin, generator"),
            (&["build", "--enable-alpha-plugins"], "transformer", "legacy exec plugin, transformer"),
            (&["build", "--enable-alpha-plugins", "--enable-exec"], "function", "KRM function"),
        ],
    }
}

/// Whether the legacy plugin is where kustomize looks for it.
fn installed() -> String {
    let Some(folder) = plugin::home().folder() else { return "plugin: no folder for plugins is known".to_owned() };
    let place = folder.join(RELATIVE);
    match Folder::new(&folder).read(RELATIVE) {
        Ok(text) if text.contains(OURS) => format!("plugin: {}", place.display()),
        Ok(_) => format!("plugin: {} is not platgen's", place.display()),
        Err(_) => format!("plugin: not installed at {}; `platgen plugin install` does it", place.display()),
    }
}

/// A small project in a folder of its own, and how many objects it has.
struct Trial {
    scratch: Scratch,
    objects: usize,
}

impl Trial {
    fn new() -> Result<Self> {
        let mut files = scaffold("trial");
        let kustomization =
            |head: &str| format!("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n{head}\n");
        let config = |annotations: &str| {
            format!(
                "apiVersion: platgen.dev/v1alpha1\nkind: Render\nmetadata:\n  name: trial\n{annotations}spec: {{project: .., environment: {ENVIRONMENT}}}\n"
            )
        };
        let program = std::env::current_exe()?.display().to_string().replace('\'', "''");
        let exec = format!("  annotations:\n    config.kubernetes.io/function: |\n      exec: {{path: '{program}'}}\n");
        for (folder, key, annotations) in
            [("transformer", "transformers", ""), ("function", "generators", exec.as_str())]
        {
            files.push((format!("{folder}/kustomization.yaml"), kustomization(&format!("{key}: [render.yaml]"))));
            files.push((format!("{folder}/render.yaml"), config(annotations)));
        }
        let scratch = Scratch::new(&std::env::temp_dir(), &files)?;
        let wanted = [ENVIRONMENT.to_owned()];
        let settings = Settings { wanted: Wanted::These(&wanted), tracing: false, skeleton_cache: true };
        let compilation = compile(&Folder::new(scratch.path()), settings);
        let objects = compilation.environment(ENVIRONMENT).map_or(0, |environment| environment.objects.len());
        Ok(Self { scratch, objects })
    }

    /// Whether all objects come out, else why not.
    fn run(&self, program: &str, args: &[&str], folder: &str) -> Result<(), String> {
        let (text, errors) = said(Command::new(program).args(args).arg(self.scratch.path().join(folder)))?;
        let found = text.lines().filter(|line| line.starts_with("kind: ")).count();
        match found {
            0 if errors.is_empty() => Err("it ends well, and gives nothing without a word".to_owned()),
            0 => Err(format!("it ends well, and gives nothing: {}", first(&errors))),
            found if found < self.objects => Err(format!("{found} of {} objects came out", self.objects)),
            _ => Ok(()),
        }
    }
}

/// What a program says on both streams, if it ends well.
fn said(command: &mut Command) -> Result<(String, String), String> {
    let output =
        command.stdin(Stdio::null()).current_dir(Path::new("/")).output().map_err(|error| io_reason(&error))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        return Ok((text(&output.stdout), text(&output.stderr)));
    }
    Err(first(&text(&output.stderr)))
}

/// The first line of what a program complains, cut to a readable length.
fn first(text: &str) -> String {
    let line = text.lines().next().unwrap_or("it fails without a word");
    match line.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}
