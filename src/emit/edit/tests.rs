//! Edits in the styles people write.

use super::*;

fn edited(text: &str, argument: &str) -> Result<String> {
    let mut files = vec![LayerFile { path: "overlay.yaml".into(), text: text.into() }];
    set(&mut files, "overlay.yaml", &Assignment::parse(argument)?)?;
    Ok(files.remove(0).text)
}

#[track_caller]
fn edits(text: &str, argument: &str, expected: &str) {
    assert_eq!(edited(text, argument).unwrap(), expected);
}

#[test]
fn a_value_is_replaced_where_it_stands() {
    edits(
        "services:\n  web: {image: {tag: 1.4}}  # x\n",
        "web.image.tag=1.5.0",
        "services:\n  web: {image: {tag: 1.5.0}}  # x\n",
    );
    edits(
        "services:\n  web:\n    replicas: 2 # two\n",
        "services.web.replicas=3",
        "services:\n  web:\n    replicas: 3 # two\n",
    );
    edits("services: {web: {env: {A: 'x'}}}", "web.env.A=1.10", "services: {web: {env: {A: \"1.10\"}}}");
    edits("services: {web: {env: {A: x}}}", "web.env.A=a, b", "services: {web: {env: {A: \"a, b\"}}}");
    edits("platform:\n  registry:\n", "platform.registry=r", "platform:\n  registry: r\n");
    edits("services: {web: {replicas: 2}}", "web.replicas=null", "services: {web: {replicas: null}}");
}

#[test]
fn short_forms_are_understood() {
    edits("services: {web: {image: web:1.4}}", "web.image.tag=1.5", "services: {web: {image: web:1.5}}");
    edits(
        "services: {web: {image: \"r:50/web:1@sha256:ab\"}}",
        "web.image.tag=2",
        "services: {web: {image: r:50/web:2}}",
    );
    edits("services: {web: {image: web:1.4}}", "web.image=app:2", "services: {web: {image: app:2}}");
    edits("services: {web: {ports: {http: 80}}}", "web.ports.http.port=81", "services: {web: {ports: {http: 81}}}");
    edits(
        "services: {web: {ports: {http: 80}}}",
        "web.ports.http.targetPort=8080",
        "services: {web: {ports: {http: {port: 80, targetPort: 8080}}}}",
    );
    edits(
        "services: {web: {probes: {liveness: /a}}}",
        "web.probes.liveness.httpGet.path=/b",
        "services: {web: {probes: {liveness: /b}}}",
    );
}

#[test]
fn what_is_missing_is_inserted_last() {
    edits(
        "services:\n  web:\n    replicas: 2\n\n  # next\n  db: {}\n",
        "web.image.tag=2",
        "services:\n  web:\n    replicas: 2\n    image: {tag: \"2\"}\n\n  # next\n  db: {}\n",
    );
    edits("services: {web: {replicas: 2}}\n", "web.image.tag=v2", "services: {web: {replicas: 2, image: {tag: v2}}}\n");
    edits("services: {web: { replicas: 2, } }\n", "web.env.A=b", "services: {web: { replicas: 2, env: {A: b} } }\n");
    edits("services: {web: {}}\n", "web.env.A=b", "services: {web: {env: {A: b}}}\n");
    edits(
        "services: {web: {\n  replicas: 2,  # two\n}}\n",
        "web.env.A=b",
        "services: {web: {\n  replicas: 2, env: {A: b},  # two\n}}\n",
    );
    edits("services:\n  web:\n", "web.env.A=b", "services:\n  web: {env: {A: b}}\n");
    edits("services:\n  db: {}", "web.env.A=b", "services:\n  db: {}\n  web: {env: {A: b}}\n");
    edits("# note\n", "web.env.A=b", "# note\nservices:\n  web: {env: {A: b}}\n");
    edits("", "platform.registry=r", "platform: {registry: r}\n");
    edits("platform: {name: x}\r\n", "web.env.A=b", "platform: {name: x}\r\nservices:\r\n  web: {env: {A: b}}\r\n");
    edits(
        "services:\n  web:\n    command:\n    - a\n    - b\n  db: {}\n",
        "web.replicas=1",
        "services:\n  web:\n    command:\n    - a\n    - b\n    replicas: 1\n  db: {}\n",
    );
    edits(
        "services:\n  web:\n    config:\n      data:\n        a: |\n          x\n          # y\n    # end\n  db: {}\n",
        "web.config.data.b=c",
        "services:\n  web:\n    config:\n      data:\n        a: |\n          x\n          # y\n        b: c\n    # end\n  db: {}\n",
    );
}

#[test]
fn what_can_t_be_edited_safely_is_refused() {
    for (text, argument, said) in [
        ("services: {web: {env: {A: &a x, B: *a}}}", "web.env.B=y", "by anchor, alias or tag"),
        ("services: {web: {env: {A: &a x, B: *a}}}", "web.env.A=y", "by anchor, alias or tag"),
        ("services:\n  web:\n    env:\n      A: |\n        x\n", "web.env.A=y", "a block of text"),
        ("services: {web: {image: {tag: x}}}", "web.image=y", "is a mapping here"),
        ("services: {web: {dependsOn: [db]}}", "web.dependsOn.db.port=y", "a list here"),
        ("", "web.imag.tag=y", "did you mean `image`?"),
        ("", "web.command=y", "is a list"),
        ("", "web.resources=y", "name one of its fields"),
        ("", "web", "no assignment"),
        ("", "web.env[0]=y", "leads into a list"),
    ] {
        let error = edited(text, argument).unwrap_err().to_string();
        assert!(error.contains(said), "{text} {argument}: {error}");
    }
}
