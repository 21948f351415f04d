//! `lcrun new` and `lcrun sandbox`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::lab::Lab;

#[test]
fn new_lists_the_tutorials_and_writes_each_so_that_it_runs() {
    let list = Lab::new().run(["new"]);
    list.exits(0);
    let names: Vec<&str> = list
        .stdout
        .lines()
        .take_while(|line| !line.is_empty())
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    let mut expected = crate::tutorials::names();
    expected.insert(0, "starter".to_owned());
    assert_eq!(names, expected);
    let schema = Lab::new().run(["schema"]).stdout;
    for name in names {
        let mut lab = Lab::new();
        lab.run(["new", name]).exits(0).says("Run it with");
        let file = format!("{name}.yaml");
        // Nothing is recorded: the snapshots came along.
        lab.variable("CI", "1");
        lab.run([&file]).exits(0);
        lab.run(["fmt", "--check", "."]).exits(0);
        let first = lab.read(&file).lines().next().unwrap().to_owned();
        assert_eq!(
            first,
            "# yaml-language-server: $schema=collection.schema.json"
        );
        assert_eq!(lab.read("collection.schema.json"), schema);
    }
}

#[test]
fn new_overwrites_nothing_unless_forced() {
    let lab = Lab::new();
    lab.write("agent-flow.yaml", "mine");
    lab.run(["new", "agent-flow"]).exits(1).says("--force");
    assert_eq!(lab.read("agent-flow.yaml"), "mine");
    assert!(!lab.path("livechat.yaml").exists());
    lab.write("livechat.yaml", "mine too");
    lab.run(["new", "agent-flow", "-o", "other.yaml"])
        .exits(1)
        .says("livechat.yaml");
    assert!(!lab.path("other.yaml").exists());
    lab.run(["new", "agent-flow", "--force"]).exits(0);
    lab.run(["agent-flow.yaml"]).exits(0);
    lab.run(["new", "wrong-token"]).exits(0);
    lab.run(["new", "agent-flwo"])
        .exits(1)
        .says("did you mean `agent-flow`?");
}

#[test]
fn new_refreshes_the_schema_of_an_older_lcrun_and_no_other_file() {
    let lab = Lab::new();
    lab.write("collection.schema.json", r#"{"title": "lcrun collection"}"#);
    lab.run(["new", "starter", "-o", "my.yaml"]).exits(0);
    assert!(lab.read("collection.schema.json").len() > 1000);
    lab.run(["my.yaml"]).exits(0);
    lab.write("collection.schema.json", r#"{"title": "mine"}"#);
    lab.run(["new", "agent-flow"])
        .exits(1)
        .says("collection.schema.json");
    assert!(!lab.path("agent-flow.yaml").exists());
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = Lab::new().run(["completions", shell]);
        ran.exits(0).says("lcrun").says("dry-run");
    }
    let lab = Lab::new();
    lab.write("lcrun.bash", &lab.run(["completions", "bash"]).stdout);
    let tried = Command::new("bash")
        .args(["-c", "source ./lcrun.bash && complete -p lcrun"])
        .current_dir(lab.path(""))
        .output();
    // Where there is no bash there is nothing to try.
    if let Ok(output) = tried {
        assert!(output.status.success(), "{output:?}");
    }
}

#[test]
fn the_sandbox_prints_how_to_reach_it_and_ends_with_ctrl_c() {
    let lab = Lab::with_collections();
    let mut child = lab
        .command()
        .arg("sandbox")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut arguments = Vec::new();
    for line in lines {
        let line = line.unwrap();
        if let Some((name, value)) = line.split_once('=')
            && !line.contains(' ')
        {
            let secret = ["client_secret", "pat"].contains(&name);
            let flag = if secret { "--secret" } else { "--variable" };
            arguments.extend([flag.to_owned(), format!("{name}={value}")]);
        }
        if line.contains("Ctrl-C") {
            break;
        }
    }
    // Not all of them: the fourth redirect within half a minute is one too many for a server.
    let names = ["agent-flow", "personal-access-token", "token-revoke"];
    arguments.extend(names.map(|name| format!("collections/{name}.yaml")));
    // Against the one that is running, and not against one of their own.
    lab.edit(
        "collections/sandbox.yaml",
        "environments:\n  sandbox: { sandbox: livechat }\n",
        "",
    );
    let values = ["accounts_url", "api_url"]
        .map(|name| format!("    {name}: unused\n"))
        .concat();
    lab.edit("collections/livechat.yaml", "environments:\n", &format!("environments:\n  own:\n    admin_url: x\n    js_client_id: x\n    js_redirect_uri: x\n{values}"));
    lab.run(&arguments).exits(0).says("3 collections: ");
    let status = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(status.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
