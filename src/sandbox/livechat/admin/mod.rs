//! The sandbox's own surface, under `/_admin`, which the real API has not: it sets the scene for a test.
//! It takes and gives JSON, asks for no credentials, and answers errors with `{"error":"…"}`.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /apps`, `POST /apps`, `PATCH /apps/{client_id}` | lists, makes and changes apps: `type` (`server` or `js`), `redirect_uris` and `scopes` (lists), `name`, `author` (an account id), `public`, `installed` |
//! | `DELETE /apps/{client_id}/consents/{account_id}` | takes a user's consent back |
//! | `GET /accounts`, `POST /accounts`, `PATCH /accounts/{account_id}` | lists, makes and changes agents: `email`, `name`, `role` (`normal`, `administrator`, `owner`), `group_ids`, `routing_status` |
//! | `POST /pats`, `DELETE /pats/{pat}` | makes a personal access token for `account_id` with `scopes`, and revokes one |
//! | `GET /clock`, `POST /clock` | tells the time, and moves it forward by `seconds` |
//! | `GET /identity`, `POST /identity` | tells and sets who is at the authorize page: `logged_in` (an account id, or `null`), or `exception` (one of the six) with `account_id` |
//! | `PATCH /organization` | sets `region`, `chat_between_groups`, and `rate_limit` (`requests` in `seconds`, or `null`) |
//! | `GET /faults`, `POST /faults`, `DELETE /faults` | lists, adds and clears faults: `path` (its start), `times`, `error` (a code or type), `region`, `delay_ms`, `hang_up` |
//! | `POST /reset` | makes everything as at the start, but for the time and the seeded secrets |

mod accounts;
mod apps;
mod clock;
mod faults;
mod identity;
mod organization;
mod personal_access_tokens;
mod routes;

pub use routes::handle;
