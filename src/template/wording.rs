//! What minijinja says about an evaluation, in our words.

/// A message that needs no help.
pub(super) fn plain(message: &str) -> (String, Option<String>) {
    (message.to_owned(), None)
}

/// A message, and what to type instead where something is known.
pub(super) fn of(detail: &str) -> (String, Option<String>) {
    if let Some(operation) = detail.strip_prefix("tried to use ") {
        return operator(operation).unwrap_or_else(|| plain(detail));
    }
    if let Some(missing) = detail.strip_suffix("` is undefined")
        && missing.matches('`').count() == 1
    {
        return (format!("{missing}` is not there"), None);
    }
    if let Some(operation) = detail.strip_prefix("unable to calculate ") {
        return (format!("`{operation}` can't be calculated"), None);
    }
    plain(match detail {
        "strings can only be multiplied with integers" => {
            "a string can only be multiplied with an integer"
        }
        "invalid float literal" => "the string is not a number",
        "range has too many elements" => "a range has at most 100,000 numbers",
        detail => detail,
    })
}

/// `+ operator on unsupported types string and number`
fn operator(operation: &str) -> Option<(String, Option<String>)> {
    let (operator, types) = operation.split_once(" operator on unsupported types ")?;
    let (left, right) = types.split_once(" and ")?;
    let message = format!(
        "`{operator}` can't be used with {} and {}",
        kind(left),
        kind(right)
    );
    let help = match (operator, left, right) {
        ("+", "string", _) | ("+", _, "string") => Some("`~` joins values into one string"),
        ("%", "string", _) => Some("`\"…\" | format(value)` puts values into a string"),
        _ => None,
    };
    Some((message, help.map(str::to_owned)))
}

/// What minijinja calls a kind of value.
fn kind(name: &str) -> &str {
    match name {
        "string" => "a string",
        "number" => "a number",
        "bool" => "`true` or `false`",
        "none" => "`null`",
        "sequence" | "iterator" => "a list",
        "map" => "an object",
        "undefined" => "an undefined value",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_speak_of_texts_lists_and_objects() {
        let (message, help) = of("tried to use + operator on unsupported types string and none");
        assert_eq!(message, "`+` can't be used with a string and `null`");
        assert_eq!(help.as_deref(), Some("`~` joins values into one string"));
        assert_eq!(of("`c.nope` is undefined").0, "`c.nope` is not there");
        assert_eq!(of("something else").0, "something else");
    }
}
