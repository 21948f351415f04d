//! No template hangs the run or eats the memory: each of these is an error at once.

use super::{engine, evaluate, render, scope};

#[track_caller]
fn refused(text: &str, codes: &[&str]) {
    let error = evaluate(text).expect_err(text);
    assert!(codes.contains(&error.code), "{text}: {error:?}");
    assert!(error.range.is_some(), "{text}: {error:?}");
}

#[test]
fn no_operator_makes_endless_values() {
    for text in [
        "'x' * 10**9",
        "('x' * 1000) * 10**8",
        "10**9 * 'x'",
        "[1] * 10**9",
        "(1, 2) * 10**9",
        "body.chats * 10**9",
        "2 ** (10**9)",
        "10 ** 39",
        "('x' * 10**8) ~ ('y' * 10**8)",
        "('x' * 10**7)[::-1] * 100",
    ] {
        refused(text, &["too-much-work", "evaluation"]);
    }
}

#[test]
fn no_filter_or_function_makes_endless_values() {
    for text in [
        "'x' | indent(10**11)",
        "'x\ny' | indent(width=10**11)",
        "'%1000000000d' | format(1)",
        "'%.1000000000f' | format(1.5)",
        "'%*d' | format(1000000000, 1)",
        "('a' * 10**6) | replace('a', 'b' * 10**6)",
        "('a' * 10**6).replace('a', 'b' * 10**6)",
        "range(10**9)",
        "range(100000) | join('x' * 10**6)",
        "('x' * 10**6).join(range(100000))",
        "[1] | batch(10**12, 0) | list",
        "[1] | slice(10**12)",
        "('x ' * 3*10**7) | split",
        "('x ' * 3*10**7).split()",
        "('x\n' * 3*10**7) | lines",
        "('x\n' * 3*10**7).splitlines()",
        "('x' * 6*10**7) | list",
        "('[' ~ '1,' * 2*10**7 ~ '1]') | fromjson",
        "{'a': 'ż' * 10**7, 'b': 'ż' * 10**7, 'c': 'ż' * 10**7, 'd': 'ż' * 10**7} | urlencode",
        "random_string(10**9)",
        "now('%Y' ~ 'x' * 1000)",
        "now('%99999Y')",
        "body.scope is matching('(a{1000}){1000}' ~ '')",
    ] {
        refused(text, &["too-much-work", "evaluation", "bad-regex"]);
    }
}

#[test]
fn a_batch_of_any_size_takes_no_room_before_it_is_full() {
    let batches = evaluate("[1] | batch(10**12) | list").unwrap();
    assert_eq!(lcrun::template::display(&batches), "[[1]]");
}

#[test]
fn methods_that_take_a_width_are_not_there() {
    for text in [
        "'{:>1000000000}'.format(1)",
        "'x'.ljust(10**9)",
        "'x'.center(10**9)",
        "'x'.zfill(9)",
    ] {
        refused(text, &["unknown-method"]);
    }
}

#[test]
fn loops_come_to_an_end() {
    for text in [
        "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{{ 'x' * 1000000 }}{% endfor %}",
        "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    ] {
        let error = render(text).unwrap_err();
        assert!(
            ["too-much-work", "evaluation"].contains(&error.code),
            "{error:?}"
        );
    }
}

#[test]
fn lists_of_lists_do_not_explode() {
    let ten = |inner: &str| format!("[{}]", [inner; 10].join(","));
    let levels: String = ('b'..='i')
        .map(|name| {
            let before = char::from(u8::try_from(name).unwrap() - 1).to_string();
            format!("{{% set {name} = {} %}}", ten(&before))
        })
        .collect();
    for end in [
        "{{ i }}",
        "{{ i == i }}",
        "{{ i | string }}",
        "{{ i | tojson | length }}",
    ] {
        let error = render(&format!("{{% set a = {} %}}{levels}{end}", ten("1"))).unwrap_err();
        assert_eq!(
            error.message,
            "a list or object has more than 1,000,000 values"
        );
    }
    let doubled = "{% set a = range(99999) %}".to_owned() + &"{% set a = a + a %}".repeat(30);
    assert!(render(&(doubled + "{{ a == a[1:] }}")).is_err());
}

#[test]
fn a_list_of_long_texts_prints_only_so_far() {
    let texts = vec!["s"; 100].join(",");
    let error = render(&format!("{{% set s = 'x' * 10**7 %}}{{{{ [{texts}] }}}}")).unwrap_err();
    assert_eq!(error.message, "the result is longer than 128 MiB");
}

#[test]
fn no_nesting_overflows_the_stack() {
    let long: Vec<String> = vec![
        "(".repeat(10_000),
        "[".repeat(10_000),
        "not ".repeat(10_000) + "a",
        "-".repeat(10_000) + "1",
        "a".to_owned() + &".b".repeat(10_000),
        "a".to_owned() + &"[0]".repeat(10_000),
        "a".to_owned() + &" | upper".repeat(10_000),
        "a".to_owned() + &" is odd".repeat(10_000),
        "a".to_owned() + &" or a".repeat(10_000),
        "a".to_owned() + &" == a".repeat(10_000),
        "1".to_owned() + &" + 1".repeat(10_000),
        "a".to_owned() + &" if a else a".repeat(10_000),
        "a".to_owned() + &"()".repeat(10_000),
    ];
    let engine = engine();
    for text in &long {
        assert!(engine.expression(text).is_err(), "{}", &text[..20]);
        let template = format!("{{{{ {text} }}}}");
        assert!(engine.template(&template).is_err(), "{}", &text[..20]);
    }
    let blocks = "{% if a %}".repeat(10_000) + &"{% endif %}".repeat(10_000);
    assert!(engine.template(&blocks).is_err());
    let branches = "{% if a %}".to_owned() + &"{% elif a %}".repeat(10_000) + "{% endif %}";
    assert!(engine.template(&branches).is_err());
}

#[test]
fn long_lists_and_long_texts_are_fine() {
    let items: Vec<String> = (0..2000).map(|n| n.to_string()).collect();
    let text = format!("limit in [{}]", items.join(", "));
    assert!(evaluate(&text).unwrap().is_true());
    let text = "x".repeat(1 << 20) + "{{ token }}";
    let engine = engine();
    let rendered = engine.template(&text).unwrap();
    assert_eq!(
        rendered.render_text(&scope().value()).unwrap().len(),
        (1 << 20) + 7
    );
    let many = "{{ token }}".repeat(2000);
    let rendered = engine.template(&many).unwrap();
    assert_eq!(
        rendered.render_text(&scope().value()).unwrap().len(),
        14_000
    );
}
