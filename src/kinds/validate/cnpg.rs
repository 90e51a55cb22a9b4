//! PostgreSQL run by CloudNativePG.
//!
//! Sources: the operator's `internal/webhook/v1/cluster_webhook.go`, `pkg/postgres/configuration.go`
//! (`FixedConfigurationParameters`); the plugin's definition.

use super::{Cursor, unique};

/// Parameters that the operator sets, or that nobody may.
pub const FIXED: &[&str] = &[
    "allow_system_table_mods",
    "archive_cleanup_command",
    "archive_command",
    "archive_mode",
    "bonjour",
    "bonjour_name",
    "cluster_name",
    "config_file",
    "data_directory",
    "data_sync_retry",
    "event_source",
    "external_pid_file",
    "hba_file",
    "hot_standby",
    "ident_file",
    "jit_provider",
    "listen_addresses",
    "log_destination",
    "log_directory",
    "log_file_mode",
    "log_filename",
    "log_rotation_age",
    "log_rotation_size",
    "log_truncate_on_rotation",
    "logging_collector",
    "pg_failover_slots.primary_dsn",
    "pg_failover_slots.standby_slot_names",
    "port",
    "primary_conninfo",
    "primary_slot_name",
    "promote_trigger_file",
    "recovery_end_command",
    "recovery_min_apply_delay",
    "recovery_target",
    "recovery_target_action",
    "recovery_target_inclusive",
    "recovery_target_lsn",
    "recovery_target_name",
    "recovery_target_time",
    "recovery_target_timeline",
    "recovery_target_xid",
    "restart_after_crash",
    "restore_command",
    "shared_preload_libraries",
    "ssl",
    "ssl_ca_file",
    "ssl_cert_file",
    "ssl_crl_file",
    "ssl_dh_params_file",
    "ssl_ecdh_curve",
    "ssl_key_file",
    "ssl_passphrase_command",
    "ssl_passphrase_command_supports_reload",
    "ssl_prefer_server_ciphers",
    "stats_temp_directory",
    "synchronized_standby_slots",
    "synchronous_standby_names",
    "syslog_facility",
    "syslog_ident",
    "syslog_sequence_numbers",
    "syslog_split_messages",
    "temp_tablespaces",
    "unix_socket_directories",
    "unix_socket_group",
    "unix_socket_permissions",
];

/// Whether the operator keeps a variable of its instances for itself.
#[must_use]
pub fn is_reserved(variable: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    name.starts_with("CNPG_") || name.starts_with("PG") || ["POD_NAME", "NAMESPACE", "CLUSTER_NAME"].contains(&&*name)
}

pub(super) fn cluster(cursor: &Cursor<'_, '_>) {
    for variable in cursor.get("env").iter().flat_map(Cursor::items) {
        if let (Some(name), Some(at)) = (variable.text("name"), variable.get("name"))
            && is_reserved(name)
        {
            at.invalid(
                format!("is `{name}`"),
                "the operator keeps `PG…`, `CNPG_…`, `POD_NAME`, `NAMESPACE` and `CLUSTER_NAME`",
            );
        }
    }
    if cursor.has("imageCatalogRef") {
        cursor.forbid("imageName", "beside `imageCatalogRef`");
    }
    if cursor.has("serviceAccountName") {
        cursor.forbid("serviceAccountTemplate", "beside `serviceAccountName`");
    }
    if !cursor.has("storage") {
        cursor.missing("storage", "the operator asks for its `size`");
    }
    unique(cursor, "plugins", "name");
    unique(cursor, "externalClusters", "name");
    unique(cursor, "tablespaces", "name");
}

/// There is one beginning.
pub(super) fn bootstrap(cursor: &Cursor<'_, '_>) {
    let methods = ["initdb", "recovery", "pg_basebackup"];
    let mut set = methods.iter().filter(|method| cursor.has(method));
    let Some(first) = set.next() else { return };
    set.for_each(|second| cursor.forbid(second, format_args!("beside `{first}`")));
}

/// A database has an owner, and an owner something to own.
pub(super) fn application(cursor: &Cursor<'_, '_>) {
    for (one, other) in [("database", "owner"), ("owner", "database")] {
        if cursor.has(one) && !cursor.has(other) {
            cursor.missing(other, format!("`{one}` needs it"));
        }
    }
}

/// A size is said here or in the claim's template.
pub(super) fn storage(cursor: &Cursor<'_, '_>) {
    if !cursor.has("size") && !cursor.has("pvcTemplate") {
        cursor.missing("size", "there is no `pvcTemplate` that says it");
    }
}

pub(super) fn postgresql(cursor: &Cursor<'_, '_>) {
    for (name, value) in cursor.get("parameters").iter().flat_map(Cursor::entries) {
        if FIXED.contains(&name) {
            value.invalid_key("is a parameter that can't be set", "the operator sets it, or nobody may");
        }
    }
}

/// The plugin takes the name from the Cluster.
pub(super) fn object_store(cursor: &Cursor<'_, '_>) {
    if let Some(configuration) = cursor.get("configuration") {
        configuration.forbid("serverName", "in an ObjectStore: it is a parameter of the plugin in the Cluster");
    }
}

pub(super) fn scheduled_backup(cursor: &Cursor<'_, '_>) {
    let method = cursor.text("method");
    if method == Some("plugin") && !cursor.has("pluginConfiguration") {
        cursor.missing("pluginConfiguration", "`method: plugin` needs it");
    }
    if method != Some("plugin") {
        cursor.forbid("pluginConfiguration", "without `method: plugin`");
    }
    if method != Some("volumeSnapshot") {
        cursor.forbid("online", "without `method: volumeSnapshot`");
        cursor.forbid("onlineConfiguration", "without `method: volumeSnapshot`");
    }
}
