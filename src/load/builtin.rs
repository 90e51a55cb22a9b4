//! The templates that are part of the binary.

use include_dir::{Dir, include_dir};

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Path below `templates/` and text of every built-in file.
pub fn templates() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = TEMPLATES.dirs().flat_map(Dir::files);
    files.filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}

/// Text of the built-in file with this path below `templates/`.
pub fn template(name: &str) -> Option<&'static str> {
    TEMPLATES.get_file(name)?.contents_utf8()
}
