//! What the format knows of its keys, for the help in messages.

use super::meant::meant;
use crate::yaml::Hints;

/// For the keys of a file.
pub(super) const FILE: Hints<'static> = Hints {
    examples: FILE_EXAMPLES,
    homes: &[(REQUEST_KEYS, "a `request`"), (STEP_KEYS, "a step")],
    habits: HABITS,
    advice: &[(
        &["required"],
        "an input without a `default` must be given: remove this key",
    )],
    later: LATER,
    meant,
};

/// For the keys of a step and of all that is in it.
pub(super) const STEP: Hints<'static> = Hints {
    examples: STEP_EXAMPLES,
    homes: &[
        (REQUEST_KEYS, "a `request`"),
        (STEP_KEYS, "a step"),
        (FILE_KEYS, "the file"),
        (SNAPSHOT_KEYS, "a `snapshot`"),
    ],
    habits: HABITS,
    advice: &[
        (METHODS, "write `method:` and `url:` in a `request`"),
        (
            &["status", "status_code", "code"],
            "write what is expected in `assert`, as in `status == 200`",
        ),
        (
            &["script", "scripts", "exec", "event"],
            "there are no scripts: write what is checked in `assert`, and what is kept in `capture`",
        ),
    ],
    later: LATER,
    meant,
};

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete", "head", "options"];

/// What a later version will know.
const LATER: &[&str] = &[
    "for_each",
    "repeat",
    "delay",
    "use",
    "with",
    "once",
    "retry",
    "multipart",
    "file",
    "graphql",
    "output",
    "netrc",
    "digest",
    "api_key",
    "aws_sigv4",
    "oauth2",
];

const FILE_KEYS: &[&str] = &[
    "requires",
    "extends",
    "inputs",
    "variables",
    "environments",
    "secrets",
    "finally",
];

const STEP_KEYS: &[&str] = &[
    "id",
    "when",
    "request",
    "authorize",
    "capture",
    "assert",
    "snapshot",
    "show",
    "steps",
];

const REQUEST_KEYS: &[&str] = &[
    "method",
    "url",
    "query",
    "headers",
    "cookies",
    "auth",
    "json",
    "form",
    "text",
    "timeout",
    "follow_redirects",
];

const SNAPSHOT_KEYS: &[&str] = &["only", "redact", "sort"];

const FILE_EXAMPLES: &[(&str, &str)] = &[
    ("name", "name: What the collection is about"),
    ("description", "description: What it is about"),
    ("requires", "requires: [An account]"),
    ("requires[]", "- An account"),
    ("tags", "tags: [slow]"),
    ("tags[]", "- slow"),
    ("extends", "extends: shared.yaml"),
    ("inputs", "inputs: { name: default }"),
    ("inputs.*", "name: default"),
    ("type", "type: number"),
    ("variables", "variables: { name: value }"),
    ("environments", "environments: { live: { name: value } }"),
    ("sandbox", "sandbox: livechat"),
    ("snapshots", "snapshots: true"),
    ("secrets", "secrets: [name]"),
    ("secrets[]", "- name"),
    ("defaults", "defaults: { request: { … } }"),
];

const STEP_EXAMPLES: &[(&str, &str)] = &[
    ("steps[]", "- name: What the step does"),
    ("finally[]", "- name: What the step does"),
    ("name", "name: What the step does"),
    ("description", "description: What it does"),
    ("id", "id: token"),
    ("tags", "tags: [slow]"),
    ("tags[]", "- slow"),
    ("when", "when: environment == \"live\""),
    ("request", "request: { url: \"{{ api_url }}/path\" }"),
    (
        "authorize",
        "authorize: { url: \"{{ accounts_url }}/\", query: { name: value } }",
    ),
    ("defaults", "defaults: { request: { … } }"),
    ("capture", "capture: { id: body.id }"),
    ("capture.*", "id: body.id"),
    ("assert", "assert: [status == 200]"),
    ("assert[]", "- status == 200"),
    ("show", "show: response"),
    ("snapshot", "snapshot: true"),
    ("snapshot.headers", "headers: [content-type]"),
    ("headers[]", "- content-type"),
    ("only", "only: [$.items]"),
    ("only[]", "- $.items"),
    ("redact", "redact: { id: uuid }"),
    ("redact.*", "id: uuid"),
    ("sort", "sort: { $.items: id }"),
    ("sort.*", "$.items: id"),
    ("method", "method: POST"),
    ("url", "url: \"{{ api_url }}/path\""),
    ("authorize.url", "url: \"{{ accounts_url }}/\""),
    ("query", "query: { name: value }"),
    ("headers", "headers: { Name: value }"),
    ("cookies", "cookies: { name: value }"),
    ("form", "form: { name: value }"),
    ("text", "text: What is sent"),
    ("auth", "auth: { bearer: \"{{ token }}\" }"),
    ("bearer", "bearer: \"{{ token }}\""),
    (
        "basic",
        "basic: { username: name, password: \"{{ password }}\" }",
    ),
    ("username", "username: name"),
    ("password", "password: \"{{ password }}\""),
    ("timeout", "timeout: 10s"),
    ("follow_redirects", "follow_redirects: true"),
];

/// What Postman, Hurl, GitHub Actions and programs call things.
const HABITS: &[(&str, &str)] = &[
    ("title", "name"),
    ("summary", "description"),
    ("doc", "description"),
    ("docs", "description"),
    ("import", "extends"),
    ("include", "extends"),
    ("vars", "variables"),
    ("let", "variables"),
    ("params", "inputs"),
    ("parameters", "inputs"),
    ("env", "environments"),
    ("envs", "environments"),
    ("environment", "environments"),
    ("requests", "steps"),
    ("scenarios", "steps"),
    ("jobs", "steps"),
    ("teardown", "finally"),
    ("after", "finally"),
    ("if", "when"),
    ("condition", "when"),
    ("http", "request"),
    ("call", "request"),
    ("tests", "assert"),
    ("test", "assert"),
    ("expect", "assert"),
    ("checks", "assert"),
    ("asserts", "assert"),
    ("extract", "capture"),
    ("save", "capture"),
    ("set", "capture"),
    ("captures", "capture"),
    ("verb", "method"),
    ("uri", "url"),
    ("href", "url"),
    ("endpoint", "url"),
    ("params", "query"),
    ("parameters", "query"),
    ("qs", "query"),
    ("body", "json"),
    ("data", "json"),
    ("payload", "json"),
    ("authorization", "auth"),
    ("authentication", "auth"),
    ("token", "bearer"),
    ("user", "username"),
    ("login", "username"),
    ("pass", "password"),
    ("ignore", "redact"),
    ("mask", "redact"),
    ("value", "default"),
];
