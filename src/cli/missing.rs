//! Inputs that have no value: asked for where somebody is there, else told with how to give them.

use crate::diagnostic::Diagnostic;
use crate::run::guide::{Guide, Question};
use crate::run::inputs::Missing;
use crate::variables::{Given, Origin};

/// The inputs of a collection that have no value.
#[derive(Debug)]
pub struct MissingInputs {
    /// The collection.
    pub file: String,
    /// Its inputs.
    pub inputs: Vec<Missing>,
}

impl MissingInputs {
    /// What is missing, and every way to give it.
    pub fn diagnostic(&self) -> Diagnostic {
        let missing = &self.inputs;
        let message = no_value(missing.len(), &self.file);
        let width = missing.iter().map(|one| one.name.len()).max().unwrap_or(0);
        let diagnostic = missing.iter().fold(
            Diagnostic::without_place("missing-input", message),
            |all, one| {
                let description = one.description.as_deref().unwrap_or("(no description)");
                all.note(format!("{:<width$}  {description}", one.name))
            },
        );
        let flags: Vec<String> = missing
            .iter()
            .map(|one| {
                let flag = if one.secret { "--secret" } else { "--variable" };
                format!("{flag} {}=…", one.name)
            })
            .collect();
        let first = &missing[0];
        let prefix = if first.secret {
            "LCRUN_SECRET_"
        } else {
            "LCRUN_VARIABLE_"
        };
        diagnostic
            .help(format!("give them on the command line: `{}`", flags.join(" ")))
            .help(format!(
                "or in the environment (`{prefix}{}=…`), or as `{}=…` in a file `.env` beside the collection",
                first.name, first.name
            ))
    }
}

fn no_value(count: usize, file: &str) -> String {
    let (s, have) = if count == 1 {
        ("", "has")
    } else {
        ("s", "have")
    };
    format!("{count} input{s} of `{file}` {have} no value")
}

/// Asks a person for everything that is missing, each name once; `None` if not all was answered.
pub fn ask(missing: &[MissingInputs], guide: &mut dyn Guide) -> Option<Vec<Given>> {
    if !guide.is_there() {
        return None;
    }
    let mut answers: Vec<Given> = Vec::new();
    for collection in missing {
        let is_new = |input: &&Missing| answers.iter().all(|given| given.name != input.name);
        let inputs: Vec<&Missing> = collection.inputs.iter().filter(is_new).collect();
        if !inputs.is_empty() {
            guide.tell(&no_value(inputs.len(), &collection.file));
        }
        for (index, input) in inputs.iter().enumerate() {
            if inputs.len() > 1 {
                guide.tell(&format!("\n{} of {}", index + 1, inputs.len()));
            }
            answers.push(ask_one(input, guide)?);
        }
    }
    Some(answers)
}

/// Asks for one until what is typed is of its type.
fn ask_one(input: &Missing, guide: &mut dyn Guide) -> Option<Given> {
    let question = Question {
        help: input.description.as_deref(),
        secret: input.secret,
        ..Question::new(&input.name)
    };
    loop {
        let text = guide.ask(&question)?;
        match input.kind.read(&text) {
            Ok(_) => {
                return Some(Given {
                    name: input.name.clone(),
                    text,
                    origin: Origin::Typed,
                    secret: input.secret,
                });
            }
            Err(why) => guide.tell(&format!("`{}` is a {}; that {why}", input.name, input.kind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::variables::ValueType;

    /// Somebody who says these things in turn, and notes what they were told.
    struct Scripted {
        answers: Vec<&'static str>,
        told: Vec<String>,
    }

    impl Guide for Scripted {
        fn ask(&mut self, question: &Question<'_>) -> Option<String> {
            self.told.push(format!("? {}", question.asked));
            (!self.answers.is_empty()).then(|| self.answers.remove(0).to_owned())
        }

        fn is_there(&self) -> bool {
            true
        }

        fn tell(&mut self, notice: &str) {
            self.told.push(notice.to_owned());
        }
    }

    fn missing(file: &str, names: &[(&str, ValueType)]) -> MissingInputs {
        let inputs = names.iter().map(|(name, kind)| Missing {
            name: (*name).to_owned(),
            description: None,
            declared: None,
            secret: false,
            kind: *kind,
        });
        MissingInputs {
            file: file.to_owned(),
            inputs: inputs.collect(),
        }
    }

    #[test]
    fn a_name_is_asked_for_once_and_again_while_it_is_of_another_type() {
        let all = [
            missing("a.yaml", &[("limit", ValueType::Number)]),
            missing(
                "b.yaml",
                &[("limit", ValueType::Number), ("on", ValueType::Boolean)],
            ),
        ];
        let mut guide = Scripted {
            answers: vec!["many", "5", "true"],
            told: Vec::new(),
        };
        let given = ask(&all, &mut guide).unwrap();
        let pairs: Vec<_> = given.iter().map(|one| (&*one.name, &*one.text)).collect();
        assert_eq!(pairs, [("limit", "5"), ("on", "true")]);
        insta::assert_snapshot!(guide.told.join("\n"), @r"
        1 input of `a.yaml` has no value
        ? limit
        `limit` is a number; that is not a number
        ? limit
        1 input of `b.yaml` has no value
        ? on
        ");
    }

    #[test]
    fn nothing_is_given_where_not_all_is_answered() {
        let all = [missing(
            "a.yaml",
            &[("a", ValueType::String), ("b", ValueType::String)],
        )];
        let mut guide = Scripted {
            answers: vec!["one"],
            told: Vec::new(),
        };
        assert_eq!(ask(&all, &mut guide), None);
    }
}
