//! `seal`: one secret value, encrypted for the controller of an environment's cluster.

use super::{DONE, FAILED, context};
use crate::cli::{Cli, SealArgs};
use crate::diag::{Code, Severity};
use crate::emit::{Existing, write_files};
use crate::inventory::{SealScope, SecretBackend};
use crate::load::Wanted;
use crate::pipeline::{Compilation, Settings};
use crate::plan::Plan;
use crate::seal::{self, Certificate, LARGEST, SealedFile, Target, Value};
use crate::source::{Files as _, Folder, Secret};
use crate::text;
use anyhow::{Context as _, Result, anyhow, bail};
use std::io::{IsTerminal as _, Read as _};
use std::path::Path;
use zeroize::Zeroize as _;

/// Runs the command.
pub(super) fn run(cli: &Cli, args: &SealArgs) -> Result<u8> {
    let wanted = [args.environment.clone()];
    let settings = Settings { wanted: Wanted::These(&wanted), tracing: false, skeleton_cache: true };
    let (mut compilation, root) = context::compiled(cli, settings)?;
    // That a value is missing is why we are here.
    compilation.diagnostics.retain(|diagnostic| diagnostic.code != Code::MissingSecret);
    let Some(plan) = plan(&compilation, &args.environment) else {
        context::say(cli, &compilation, &root, "nothing was sealed");
        return Ok(FAILED);
    };
    let (target, key) = target(plan, args)?;
    let folder = Folder::new(&root);
    let certificate = certificate(plan, args, &folder)?;
    let layer = if args.environment == "base" { "base".to_owned() } else { format!("overlays/{}", args.environment) };
    let paths = folder.list(&format!("{layer}/sealed")).0.into_iter();
    let paths = paths.filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "yaml"));
    let read = |path: String| match folder.read(&path) {
        Ok(text) => Ok(SealedFile { path, text }),
        Err(error) => Err(anyhow!("can't read `{path}`: {}", error.reason)),
    };
    let files: Vec<SealedFile> = paths.map(read).collect::<Result<_>>()?;
    let sealed = seal::seal(&value(args)?, &target, &certificate)?;
    let file = seal::add(&files, &format!("{layer}/sealed/{}.yaml", args.service), &target, &key, &sealed)?;
    let said = format!("{}: `{key}` of the Secret `{}` in `{}`\n", file.path, target.name, target.namespace);
    write_files(&root, &[(file.path, file.text)], Existing::Replace)?;
    if cli.global.verbose > 0 {
        context::complain(&said);
    }
    Ok(DONE)
}

fn plan<'a>(compilation: &'a Compilation, environment: &str) -> Option<&'a Plan> {
    let errors = compilation.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    compilation.environment(environment).filter(|_| !errors).map(|environment| &environment.plan)
}

/// The Secret and the key that a service knows under a name.
fn target(plan: &Plan, args: &SealArgs) -> Result<(Target, String)> {
    let Some(at) = plan.index.get(args.service.as_str()) else {
        let names = plan.services.iter().map(|service| service.name.text.as_str());
        bail!(
            "there is no service `{}` in `{}`: {}",
            args.service,
            args.environment,
            text::suggest(&args.service, names)
        );
    };
    let read: Vec<_> = plan.secrets.read_by(*at).collect();
    let names = |key: &crate::plan::PlannedKey| {
        let own = key.readers.iter().filter(|(reader, _)| reader == at);
        own.map(|(_, name)| name.to_string()).collect::<Vec<_>>()
    };
    let mut found = read.iter().filter(|(_, key)| names(key).contains(&args.name));
    let Some((secret, key)) = found.next() else {
        let all: Vec<String> = read.iter().flat_map(|(_, key)| names(key)).collect();
        let label = match text::suggest(&args.name, all.iter().map(String::as_str)) {
            none if none.is_empty() => "it reads no secrets".to_owned(),
            label => label,
        };
        bail!("`{}` reads no secret `{}`: {label}", args.service, args.name);
    };
    if found.next().is_some() {
        bail!(
            "containers of `{}` read different secrets as `{}`: give one of them another name",
            args.service,
            args.name
        );
    }
    if secret.backend != SecretBackend::Sealed {
        let backend = secret.backend.text();
        bail!(
            "`{}` comes from `{backend}` in `{}`: set `backend: sealed` at the platform or beside it",
            args.name,
            args.environment
        );
    }
    if key.template.is_some() {
        bail!("`{}` is made of other keys of its Secret: seal those", args.name);
    }
    let sealed = plan.platform.secrets.as_ref().and_then(|secrets| secrets.sealed.as_ref());
    let scope = sealed.and_then(|sealed| sealed.scope).map_or(SealScope::Strict, |scope| scope.value);
    let namespace = plan.namespaces[secret.namespace].name.value.to_string();
    Ok((Target { namespace, name: secret.name.to_string(), scope }, key.key.text.to_string()))
}

fn certificate(plan: &Plan, args: &SealArgs, folder: &Folder) -> Result<Certificate> {
    let sealed = plan.platform.secrets.as_ref().and_then(|secrets| secrets.sealed.as_ref());
    let own = sealed.and_then(|sealed| sealed.certificate.as_ref()).map(|path| path.value.0.to_string());
    let (path, text) = match (&args.cert, own) {
        (Some(path), _) => {
            let (above, name) = (path.parent().unwrap_or_else(|| Path::new("")), path.file_name().unwrap_or_default());
            (path.display().to_string(), Folder::new(above).read(&name.to_string_lossy()))
        }
        (None, Some(path)) => (path.clone(), folder.read(&path)),
        (None, None) => {
            bail!("there is no certificate: name one with `--cert FILE`, or in `platform.secrets.sealed.certificate`")
        }
    };
    let text = text.map_err(|error| anyhow!("can't read the certificate `{path}`: {}", error.reason))?;
    Certificate::from_pem(&text).with_context(|| format!("`{path}` is of no use"))
}

/// The value: never an argument, which any process may see.
fn value(args: &SealArgs) -> Result<Value> {
    if let Some(name) = &args.from_env {
        #[expect(clippy::disallowed_methods, reason = "the one input of a command that is no render")]
        let value = std::env::var_os(name);
        let Some(value) = value else { bail!("the variable `{name}` is not set") };
        return Ok(Secret::new(value.into_encoded_bytes()));
    }
    let mut stdin = std::io::stdin().lock();
    if stdin.is_terminal() {
        bail!("a value that is typed can be read by others: pipe it in, or name a variable with `--from-env`");
    }
    // Room for all at once: a buffer that grows leaves copies behind.
    let mut bytes = Vec::with_capacity(LARGEST + 64);
    let read = stdin.by_ref().take(LARGEST as u64 + 2).read_to_end(&mut bytes);
    if let Err(error) = read {
        bytes.zeroize();
        return Err(error).context("standard input can't be read");
    }
    // `echo` puts a line break behind it.
    if bytes.ends_with(b"\n") && !args.exact {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    Ok(Secret::new(bytes))
}
