//! The table of all diagnostic codes: name, severity, what it means.
//!
//! A code's name is stable: users waive by it, CI greps for it. Each has a page, `pages/<name>.md`,
//! which `explain` shows and `docs/findings.md` is made of; its examples are tests.

use super::Severity;

/// What a code means.
#[derive(Debug)]
pub struct CodeInfo {
    /// Stable kebab-case name.
    pub name: &'static str,
    /// Severity unless overridden.
    pub severity: Severity,
    /// Whether it is an opinion on a legal plan, whose severity can be chosen and which can be waived;
    /// with a fault there is no plan.
    pub finding: bool,
    /// One sentence: what holds when this is said.
    pub summary: &'static str,
    /// Why that matters, what to do, an example: Markdown.
    pub page: &'static str,
}

macro_rules! codes {
    (
        faults { $($variant:ident = $name:literal, $severity:ident, $summary:literal;)* }
        findings { $($finding:ident = $finding_name:literal, $level:ident, $what:literal;)* }
    ) => {
        /// The kind of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
            $(#[doc = $what] $finding,)*
        }

        /// All codes in the order of the table.
        pub const CODES: &[(Code, CodeInfo)] = &[
            $((Code::$variant, CodeInfo {
                name: $name,
                severity: Severity::$severity,
                finding: false,
                summary: $summary,
                page: include_str!(concat!("pages/", $name, ".md")),
            }),)*
            $((Code::$finding, CodeInfo {
                name: $finding_name,
                severity: Severity::$level,
                finding: true,
                summary: $what,
                page: include_str!(concat!("pages/", $finding_name, ".md")),
            }),)*
        ];

        /// Names of the codes that can be waived.
        pub const FINDINGS: &[&str] = &[$($finding_name),*];
    };
}

codes! {
    faults {
        // reading
        Unreadable = "unreadable", Error, "a file or folder can't be read";
        UnreadFile = "unread-file", Error, "a file that looks like input and is not read";
        Syntax = "syntax", Error, "a file is not well-formed YAML";
        DuplicateKey = "duplicate-key", Error, "a mapping has the same key twice";
        UnknownAlias = "unknown-alias", Error, "an alias names an anchor that stands nowhere before it";
        MergeKey = "merge-key", Error, "a merge key `<<` holds something other than mappings";
        YamlFeature = "yaml-feature", Error, "a YAML feature that has no place in an inventory: tags, keys that aren't strings";
        TooLarge = "too-large", Error, "a document is nested too deeply or grows too large through aliases, or a text is larger than any object";
        ControlCharacter = "control-character", Error, "a string holds a control character that kustomize or kubectl would damage";
        // inventory
        UnknownField = "unknown-field", Error, "a mapping has a field that its concept does not have";
        WrongType = "wrong-type", Error, "a value is of another type than its field";
        InvalidValue = "invalid-value", Error, "a value is of the right type and not a legal one";
        MissingField = "missing-field", Error, "a field that must be there is not";
        DuplicateDefinition = "duplicate-definition", Error, "the same service or setting is defined in two files of one layer";
        UnknownService = "unknown-service", Error, "a service that no file defines";
        UnknownPort = "unknown-port", Error, "a port that the service does not have";
        UnknownType = "unknown-type", Error, "a component type for which there is no folder of templates";
        UnknownEnvironment = "unknown-environment", Error, "an environment for which there is no overlay";
        UnknownNamespace = "unknown-namespace", Error, "a namespace that the platform does not declare";
        UnknownReference = "unknown-reference", Error, "a name that nothing of that kind bears";
        Conflict = "conflict", Error, "two settings that exclude each other";
        SelectorOverlap = "selector-overlap", Error, "the selector of one service finds the pods of another, too";
        DuplicateRoute = "duplicate-route", Error, "two routes of a gateway serve the same method and path";
        GatewayProtocol = "gateway-protocol", Error, "a route of a gateway ends at a port whose protocol it does not speak";
        GatewayEngine = "gateway-engine", Error, "a gateway is asked for what its engine does not have";
        MissingSecret = "missing-secret", Error, "a Secret's key for which its backend has no value";
        ExposedSecret = "exposed-secret", Error, "a file that must not be seen in clear, or not be committed, and is";
        // templates
        TemplateSyntax = "template-syntax", Error, "a template can't be parsed";
        TemplateLint = "template-lint", Error, "a template computes instead of laying out";
        UndefinedVariable = "undefined-variable", Error, "a template reads something that is not there";
        TemplateFault = "template-fault", Error, "a template fails while it is rendered";
        TemplateLayout = "template-layout", Error, "a template's output is not well-formed, or a value is not a whole scalar, key or item";
        // objects
        UnknownKind = "unknown-kind", Error, "an object of a kind that has no type";
        UnknownObjectField = "unknown-object-field", Error, "a field that the Kubernetes type does not have";
        WrongObjectType = "wrong-object-type", Error, "a value of another type than the Kubernetes field";
        MissingObjectField = "missing-object-field", Error, "a field that the Kubernetes type requires is not there";
        InvalidObjectValue = "invalid-object-value", Error, "a value that the API server refuses";
        UnavailableField = "unavailable-field", Error, "a kind or field that the oldest supported Kubernetes version does not have";
        DuplicateObject = "duplicate-object", Error, "two objects with the same kind, namespace and name";
        UnbuildableKey = "unbuildable-key", Error, "an annotation's key that kustomize takes for a number, a boolean or a date: a tree can't hold it";
        UnbuildableValue = "unbuildable-value", Error, "an annotation's text that kustomize writes so that it can't be read: a tree can't hold it";
        UnusedName = "unused-name", Error, "a name for an object that the service does not have";
        // patches
        Patch = "patch", Error, "a patch that says nothing legal, matches no object or does not fit its object";
        EgressNotExpressible = "egress-not-expressible", Error, "no NetworkPolicy can let through what is called, or who calls: its addresses are nowhere said";
        DuplicateHost = "duplicate-host", Error, "a host and path from outside lead to two places";
        TlsVersionNotExpressible = "tls-version-not-expressible", Error, "nothing that is rendered can enforce the oldest version of TLS that is asked for";
        CapacityExceeded = "capacity-exceeded", Error, "what all pods ask for at their maximum is more than is allowed or there";
        EmptyRender = "empty-render", Error, "a render without any object";
        // imports
        ImportDropped = "import-dropped", Warning, "something of an imported file has no counterpart in the inventory";
        ImportChoice = "import-choice", Note, "something of an imported file is said otherwise in the inventory, or need not be said";
        ImportSecret = "import-secret", Note, "a value of an imported file is a credential: the inventory names it and does not hold it";
        UnsetVariable = "unset-variable", Warning, "a variable that an imported file uses is set nowhere";
    }
    findings {
        ConnectionBudget = "connection-budget", Error, "the clients of a database may open more connections than it accepts";
        CanaryShare = "canary-share", Warning, "a canary has too few pods for the share it begins with";
        DependencyCycle = "dependency-cycle", Warning, "services depend on each other in a circle";
        GrpcBalancing = "grpc-balancing", Warning, "gRPC clients stay with one of several pods";
        HpaVpaConflict = "hpa-vpa-conflict", Error, "two autoscalers follow the same resource of the same pods";
        HpaWithoutRequest = "hpa-without-request", Error, "an autoscaler follows a share of what a container does not request";
        LifecycleTimes = "lifecycle-times", Error, "the times of a pod's start or end contradict each other";
        LimitRangeRefuses = "limit-range-refuses", Error, "a namespace's limits refuse pods or claims that are laid out in it";
        LiteralCredential = "literal-credential", Error, "a credential stands in the inventory";
        PdbBlocksDrain = "pdb-blocks-drain", Error, "a disruption budget never lets a pod go, so no node can be drained";
        MeshBreaksPodSecurity = "mesh-breaks-pod-security", Error, "the mesh's init container needs a capability that Pod Security refuses";
        PortClash = "port-clash", Error, "two containers of a pod listen on the same port";
        RolloutDeadlock = "rollout-deadlock", Error, "a new version waits for what the old one does not give up";
        SingleWriterDatabase = "single-writer-database", Error, "several pods of a database that is not replicated";
        UntestedImage = "untested-image", Warning, "production runs a newer image than staging";
        VolumeShrinks = "volume-shrinks", Warning, "a volume of production is smaller than staging's";
        WaiverWithoutEffect = "waiver-without-effect", Warning, "a waiver that silences nothing";
    }
}

impl Code {
    /// Name, severity and meaning.
    #[must_use]
    pub fn info(self) -> &'static CodeInfo {
        &CODES[self as usize].1
    }

    /// The code with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        CODES.iter().find(|(_, info)| info.name == name).map(|(code, _)| *code)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        for (code, info) in CODES {
            assert_eq!(Code::named(info.name), Some(*code), "{}", info.name);
            assert_eq!(code.info().name, info.name);
        }
    }
}
