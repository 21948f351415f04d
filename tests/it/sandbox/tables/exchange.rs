//! §2.3: the checks of an exchange at `/v2/token` in their order.

use serde_json::json;

use super::More;
use super::conditions::{INVALID_GRANT, Said, Table, UNAUTHORIZED, invalid, missing};
use crate::sandbox::client::{Reply, Scene, text};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const MALFORMED: Said = invalid("code_verifier", "must be 43 to 128 unreserved characters");
const ELSEWHERE: &str = "https://elsewhere.example/";
const NOT_THE_AUTHORIZE_ONE: &str = "https://www.livechat.com/other";

/// The conditions of the exchange, numbered as the table does.
const CONDITIONS: [&str; 12] = [
    "method not POST or DELETE",
    "unparsable body, repeated parameter",
    "grant_type missing, unknown or disabled",
    "client_id missing or unknown",
    "code or redirect_uri missing",
    "secret of a server-side app missing or wrong",
    "code unknown, expired or already used",
    "code issued to another client",
    "redirect_uri not whitelisted, or not the authorize one",
    "PKCE verifier missing, of a bad alphabet or length",
    "PKCE verifier is not the challenge's",
    "JavaScript app exchanging without PKCE",
];

const INVALID: Said = (422, "invalid_request", More::Nothing);
const UNSUPPORTED: Said = (403, "unsupported_grant_type", More::Nothing);

const EXCHANGE: Table = Table {
    conditions: &CONDITIONS,
    send: exchange,
    parameters: &[
        (3, "grant_type", "", missing("grant_type")),
        (3, "grant_type", "client_credentials", UNSUPPORTED),
        (3, "grant_type", "password", UNSUPPORTED),
        (3, "grant_type", "made_up", UNSUPPORTED),
        (4, "client_id", "", UNAUTHORIZED),
        (4, "client_id", "0", UNAUTHORIZED),
        (5, "code", "", missing("code")),
        (5, "redirect_uri", "", missing("redirect_uri")),
        (6, "client_secret", "", UNAUTHORIZED),
        (6, "client_secret", "wrong", UNAUTHORIZED),
        (7, "code", "dal:nobody", UNAUTHORIZED),
        (9, "redirect_uri", ELSEWHERE, UNAUTHORIZED),
        (9, "redirect_uri", NOT_THE_AUTHORIZE_ONE, UNAUTHORIZED),
    ],
    others: &[
        (1, "GET", |scene| scene.get("/v2/token"), INVALID),
        (1, "PUT", put, INVALID),
        (
            2,
            "broken JSON",
            |scene| post(scene, "application/json", "{\"code\":"),
            INVALID,
        ),
        (
            2,
            "another type",
            |scene| post(scene, "application/xml", "<code/>"),
            INVALID,
        ),
        (2, "repeated", repeat, invalid("code", "is repeated")),
        (
            7,
            "expired",
            |scene| exchange_after(scene, expire),
            UNAUTHORIZED,
        ),
        (7, "used", exchange_twice, UNAUTHORIZED),
        (8, "another app's", exchange_of_another_app, INVALID_GRANT),
        (
            9,
            "no longer whitelisted",
            |scene| exchange_after(scene, move_the_whitelist),
            UNAUTHORIZED,
        ),
        (
            10,
            "missing",
            |scene| verify(scene, "S256", ""),
            missing("code_verifier"),
        ),
        (
            10,
            "alphabet",
            |scene| verify(scene, "S256", &"+".repeat(43)),
            MALFORMED,
        ),
        (
            10,
            "too short",
            |scene| verify(scene, "S256", &"a".repeat(42)),
            MALFORMED,
        ),
        (
            10,
            "too long",
            |scene| verify(scene, "plain", &"a".repeat(129)),
            MALFORMED,
        ),
        (
            11,
            "S256",
            |scene| verify(scene, "S256", CHALLENGE),
            INVALID_GRANT,
        ),
        (
            11,
            "plain",
            |scene| verify(scene, "plain", CHALLENGE),
            INVALID_GRANT,
        ),
        (
            12,
            "no challenge",
            |scene| exchange_after(scene, become_javascript),
            UNSUPPORTED,
        ),
    ],
};

fn put(scene: &mut Scene) -> Reply {
    scene.send("PUT", "/v2/token", &[], "code=1")
}

fn post(scene: &mut Scene, content_type: &str, body: &str) -> Reply {
    scene.send("POST", "/v2/token", &[("Content-Type", content_type)], body)
}

fn repeat(scene: &mut Scene) -> Reply {
    post(scene, "application/x-www-form-urlencoded", "code=1&code=1")
}

fn exchange(scene: &mut Scene, name: &str, value: &str) -> Reply {
    let code = scene.code(&[]);
    scene.exchange(&code, &[(name, value)])
}

fn exchange_after(scene: &mut Scene, change: fn(&mut Scene)) -> Reply {
    let code = scene.code(&[]);
    change(scene);
    scene.exchange(&code, &[])
}

fn exchange_twice(scene: &mut Scene) -> Reply {
    let code = scene.code(&[]);
    assert_eq!(scene.exchange(&code, &[]).status, 200);
    scene.exchange(&code, &[])
}

fn exchange_of_another_app(scene: &mut Scene) -> Reply {
    let uri = scene.input("redirect_uri");
    let app = scene.admin("POST", "/apps", &json!({ "redirect_uris": [uri] }));
    let code = scene.code(&[("client_id", text(&app, "/client_id"))]);
    scene.exchange(&code, &[])
}

fn expire(scene: &mut Scene) {
    scene.advance(250);
}

fn move_the_whitelist(scene: &mut Scene) {
    scene.change_app(&json!({ "redirect_uris": ["https://new.example/"] }));
}

/// The authorize page refuses a JavaScript app that asks for a code without a challenge, so it becomes one later.
fn become_javascript(scene: &mut Scene) {
    scene.change_app(&json!({ "type": "js" }));
}

fn verify(scene: &mut Scene, method: &str, verifier: &str) -> Reply {
    let challenge = if method == "S256" {
        CHALLENGE
    } else {
        VERIFIER
    };
    let method = ("code_challenge_method", method);
    let code = scene.code(&[("code_challenge", challenge), method]);
    scene.exchange(&code, &[("code_verifier", verifier)])
}

#[test]
fn every_condition_of_the_exchange_gets_its_answer() {
    EXCHANGE.holds();
}
