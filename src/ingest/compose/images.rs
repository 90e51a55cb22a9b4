//! What is known of images that many Compose files use: their ports, which Compose need not be told, the
//! user they run as, which it need not be told either, and the memory they need to start.
//!
//! Ports, users and sizes are those of the images' own Dockerfiles and manuals.

use crate::inventory::image_parts;
use crate::inventory::scalar::{Digest, Repository, ScalarType as _, Tag};

/// What an image is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Postgres,
    Redis,
    Kong,
    /// A server that others call by a protocol of its own; it keeps state.
    Store,
    /// Anything else.
    Other,
}

/// What is known of an image.
#[derive(Debug)]
pub(super) struct Known {
    /// Repositories, without the registry and `library/`.
    pub names: &'static [&'static str],
    pub role: Role,
    /// Name, number and application protocol; the first is the one that is called.
    pub ports: &'static [(&'static str, u16, &'static str)],
    /// Number of its user; 0 if it is root, or begins as root.
    pub user: Option<u32>,
    /// Memory requested and limited to, in MiB, where the usual is too little.
    pub memory: Option<(u32, u32)>,
}

const fn known(
    names: &'static [&'static str],
    role: Role,
    ports: &'static [(&'static str, u16, &'static str)],
    user: Option<u32>,
    memory: Option<(u32, u32)>,
) -> Known {
    Known { names, role, ports, user, memory }
}

const HTTP_80: &[(&str, u16, &str)] = &[("http", 80, "")];

const IMAGES: &[Known] = &[
    known(
        &["postgres", "postgis/postgis", "pgvector/pgvector", "timescale/timescaledb"],
        Role::Postgres,
        &[("postgres", 5432, "")],
        None,
        None,
    ),
    known(&["redis", "valkey/valkey"], Role::Redis, &[("redis", 6379, "redis")], None, None),
    known(&["kong", "kong/kong-gateway", "kong/kong"], Role::Kong, &[("http", 8000, "")], None, None),
    known(
        &["mysql", "mysql/mysql-server", "percona"],
        Role::Store,
        &[("mysql", 3306, "mysql")],
        Some(999),
        Some((512, 1024)),
    ),
    known(&["mariadb"], Role::Store, &[("mysql", 3306, "mysql")], Some(999), Some((256, 512))),
    known(&["mongo"], Role::Store, &[("mongodb", 27017, "mongodb")], Some(999), Some((512, 1024))),
    known(&["rabbitmq"], Role::Store, &[("amqp", 5672, "amqp")], Some(999), Some((256, 512))),
    known(&["memcached"], Role::Store, &[("memcached", 11211, "memcached")], Some(11211), None),
    known(
        &["elasticsearch", "elasticsearch/elasticsearch", "opensearchproject/opensearch"],
        Role::Store,
        &[("http", 9200, "")],
        Some(1000),
        Some((1024, 2048)),
    ),
    known(
        &["apache/kafka", "bitnami/kafka", "confluentinc/cp-kafka"],
        Role::Store,
        &[("kafka", 9092, "kafka")],
        Some(1000),
        Some((1024, 2048)),
    ),
    known(
        &["zookeeper", "confluentinc/cp-zookeeper"],
        Role::Store,
        &[("zookeeper", 2181, "zookeeper")],
        Some(1000),
        Some((256, 512)),
    ),
    known(&["nats"], Role::Store, &[("nats", 4222, "nats")], None, None),
    known(&["influxdb"], Role::Store, &[("http", 8086, "")], Some(1000), Some((256, 512))),
    known(&["minio/minio"], Role::Store, &[("http", 9000, "")], Some(1000), Some((256, 512))),
    known(
        &["clickhouse/clickhouse-server", "clickhouse"],
        Role::Store,
        &[("http", 8123, ""), ("clickhouse", 9000, "clickhouse")],
        Some(101),
        Some((1024, 2048)),
    ),
    known(&["neo4j"], Role::Store, &[("bolt", 7687, "bolt"), ("http", 7474, "")], Some(7474), Some((1024, 2048))),
    known(&["hashicorp/vault", "vault"], Role::Store, &[("http", 8200, "")], Some(100), None),
    known(&["consul", "hashicorp/consul"], Role::Store, &[("http", 8500, "")], Some(100), None),
    known(&["eclipse-mosquitto"], Role::Store, &[("mqtt", 1883, "mqtt")], Some(1883), None),
    known(&["nginx", "httpd", "caddy", "phpmyadmin", "phpmyadmin/phpmyadmin"], Role::Other, HTTP_80, Some(0), None),
    known(&["nginxinc/nginx-unprivileged"], Role::Other, &[("http", 8080, "")], Some(101), None),
    known(&["wordpress", "ghost", "nextcloud", "joomla", "drupal"], Role::Other, HTTP_80, Some(0), Some((256, 512))),
    known(&["traefik"], Role::Other, HTTP_80, Some(0), None),
    known(&["haproxy"], Role::Other, &[], Some(99), None),
    known(&["adminer"], Role::Other, &[("http", 8080, "")], Some(100), None),
    known(&["dpage/pgadmin4"], Role::Other, HTTP_80, Some(5050), Some((256, 512))),
    known(&["mongo-express"], Role::Other, &[("http", 8081, "")], Some(1000), None),
    known(&["mailhog/mailhog"], Role::Other, &[("smtp", 1025, "smtp"), ("http", 8025, "")], Some(1000), None),
    known(&["axllent/mailpit"], Role::Other, &[("smtp", 1025, "smtp"), ("http", 8025, "")], None, None),
    known(&["grafana/grafana"], Role::Other, &[("http", 3000, "")], Some(472), None),
    known(&["prom/prometheus"], Role::Store, &[("http", 9090, "")], Some(65534), Some((512, 1024))),
    known(&["grafana/loki"], Role::Store, &[("http", 3100, "")], Some(10001), None),
    known(
        &["jaegertracing/all-in-one"],
        Role::Other,
        &[("http", 16686, ""), ("otlp-grpc", 4317, "grpc")],
        Some(10001),
        None,
    ),
    known(&["kibana", "kibana/kibana"], Role::Other, &[("http", 5601, "")], Some(1000), Some((512, 1024))),
    known(
        &["keycloak/keycloak", "quay.io/keycloak/keycloak"],
        Role::Other,
        &[("http", 8080, "")],
        Some(1000),
        Some((512, 1024)),
    ),
];

/// What is known of a repository.
pub(super) fn of(repository: &str) -> Option<&'static Known> {
    let plain = plain(repository);
    IMAGES.iter().find(|known| known.names.contains(&plain) || known.names.contains(&repository))
}

/// A repository without its registry, and without `library/`.
fn plain(repository: &str) -> &str {
    let rest = match repository.split_once('/') {
        Some((registry, rest)) if registry.contains(['.', ':']) || registry == "localhost" => rest,
        _ => repository,
    };
    rest.strip_prefix("library/").unwrap_or(rest)
}

/// An image's name in three parts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Image {
    pub repository: String,
    pub tag: Option<String>,
    pub digest: Option<String>,
}

impl Image {
    /// Reads `repository:tag@digest` by the rules of an inventory; why it is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (repository, tag, digest) = image_parts(text);
        (Repository::SCALAR.check)(repository)?;
        tag.map_or(Ok(()), Tag::SCALAR.check)?;
        digest.map_or(Ok(()), Digest::SCALAR.check)?;
        let [tag, digest] = [tag, digest].map(|part| part.map(str::to_owned));
        Ok(Self { repository: repository.to_owned(), tag, digest })
    }

    /// Whether its repository names a registry.
    pub fn has_registry(&self) -> bool {
        self.repository.split_once('/').is_some_and(|(first, _)| first.contains(['.', ':']) || first == "localhost")
    }

    /// The repository with its registry: Docker Hub's where none is named.
    pub fn full_repository(&self) -> String {
        if self.has_registry() {
            return self.repository.clone();
        }
        if self.repository.contains('/') {
            format!("docker.io/{}", self.repository)
        } else {
            format!("docker.io/library/{}", self.repository)
        }
    }

    /// All of it, with the registry.
    pub fn full(&self) -> String {
        let tag = self.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = self.digest.as_ref().map(|digest| format!("@{digest}")).unwrap_or_default();
        format!("{}{tag}{digest}", self.full_repository())
    }

    /// Whether it looks like one's own: not of those that everybody uses.
    pub fn is_own(&self) -> bool {
        const PUBLIC: &[&str] = &[
            "docker.io",
            "quay.io",
            "registry.k8s.io",
            "mcr.microsoft.com",
            "gcr.io",
            "public.ecr.aws",
            "docker.elastic.co",
            "lscr.io",
        ];
        let first = self.repository.split('/').next().unwrap_or("");
        of(&self.repository).is_none() && self.repository.contains('/') && !PUBLIC.contains(&first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_known_wherever_they_are_from() {
        for name in ["postgres", "docker.io/library/postgres", "localhost:5000/postgres", "docker.io/postgis/postgis"] {
            assert_eq!(of(name).map(|known| known.role), Some(Role::Postgres), "{name}");
        }
        assert!(of("bitnami/postgresql").is_none() && of("acme/redis-proxy").is_none());
    }

    #[test]
    fn names_of_images_are_taken_apart() {
        let image = Image::parse("localhost:5000/a/b:1.2").unwrap();
        assert_eq!((image.repository.as_str(), image.tag.as_deref()), ("localhost:5000/a/b", Some("1.2")));
        assert_eq!(Image::parse("nginx").unwrap().full(), "docker.io/library/nginx");
        assert_eq!(Image::parse("acme/web:1").unwrap().full(), "docker.io/acme/web:1");
        for (text, repository, tag) in [
            ("registry:5000/a", "registry:5000/a", None),
            ("registry:5000/a:2", "registry:5000/a", Some("2")),
            ("registry:5000", "registry", Some("5000")),
        ] {
            let image = Image::parse(text).unwrap();
            assert_eq!((image.repository.as_str(), image.tag.as_deref()), (repository, tag), "{text}");
        }
        assert_eq!(Image::parse("registry:5000/a").unwrap().full(), "registry:5000/a");
        for text in
            ["Web", "a:b:c", "a:", "", "-a", "a..b", "a/-b", "registry:99999/a", "a:5/b:-1", "a@sha256:1", "a//b"]
        {
            assert!(Image::parse(text).is_err(), "{text}");
        }
        assert!(Image::parse("acme/web").unwrap().is_own() && !Image::parse("nginx").unwrap().is_own());
    }
}
