//! Customers as agents see and change them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::actions::Call;
use super::user_view::CustomerView;
use super::view::View;
use crate::sandbox::livechat::chats::{Customer, Page};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::conversation::Profile;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType, List};
use crate::sandbox::livechat::wire::Response;

const LIST: List = List {
    name: "agent/list_customers",
    limit: 10,
    max: 100,
};

/// How many days a ban can last, a century.
const BAN_LIMIT: usize = 36_500;

/// `get_customer`: a customer and the ids of their chats.
pub fn get_customer(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(flatten)]
        customer: CustomerView<'a>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        chat_ids: Vec<&'a str>,
    }
    call.arguments.allow(&["id"])?;
    let id = customer_id(call)?;
    call.caller.require_any(&["customers:ro"])?;
    let customer = state.chats.customer(id).ok_or(ErrorType::NotFound)?;
    let view = View::new(state, &call.caller.account, call.version);
    let chats = state.chats.of_customer(id).iter();
    let chat_ids = chats
        .map(|position| state.chats.at(*position).id.as_str())
        .collect();
    Ok(Response::json(
        200,
        &Body {
            customer: view.customer(customer),
            chat_ids,
        },
    ))
}

/// `update_customer`: at least one field beside the id.
pub fn update_customer(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    let id = customer_id(call)?;
    let profile = Profile::read(call.arguments, &["id"])?.require_some(call.arguments)?;
    call.caller.require_any(&["customers:rw"])?;
    profile.apply(state.chats.customer_mut(id).ok_or(ErrorType::NotFound)?);
    Ok(Response::empty())
}

/// `ban_customer`: no call of the customer's is accepted for some days.
pub fn ban_customer(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    call.arguments.allow(&["id", "ban"])?;
    let id = customer_id(call)?;
    let ban = call.arguments.required_object("ban")?;
    ban.allow(&["days"])?;
    let days = ban
        .count("days", BAN_LIMIT)?
        .ok_or_else(|| ban.missing("days"))?;
    call.caller.require_any(&["customers.ban:rw"])?;
    let seconds = u64::try_from(days)
        .unwrap_or(u64::MAX)
        .saturating_mul(24 * 3600);
    let until = state.clock.now().plus(Duration::from_secs(seconds));
    let customer = state.chats.customer_mut(id).ok_or(ErrorType::NotFound)?;
    customer.banned_until = Some(until);
    Ok(Response::empty())
}

/// A customer's id, which must be a UUID.
fn customer_id<'a>(call: &Call<'a>) -> Result<&'a str, ApiError> {
    let id = call.arguments.required("id")?;
    if uuid::Uuid::parse_str(id).is_ok() {
        return Ok(id);
    }
    Err(call.arguments.invalid("id", "must be a UUID"))
}

/// `create_customer`, up to 3.5.
pub fn create_customer(state: &mut State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        customer_id: &'a str,
    }
    let profile = Profile::read(call.arguments, &[])?;
    call.caller.require_any(&["customers:rw"])?;
    let id = state.random.uuid();
    let mut customer = Customer::unknown(id.clone(), state.clock.now(), None);
    profile.apply(&mut customer);
    state.chats.insert_customer(customer);
    Ok(Response::json(200, &Body { customer_id: &id }))
}

/// Which customers are wanted.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Filters {
    include_customers_without_chats: bool,
}

/// `list_customers`, up to 3.5: in the order in which they were first seen. Of the filters there is
/// `include_customers_without_chats`; the others are refused rather than ignored.
pub fn list_customers(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        customers: Vec<CustomerView<'a>>,
        total_customers: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_page_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous_page_id: Option<String>,
    }
    call.arguments
        .allow(&["page_id", "limit", "sort_order", "sort_by", "filters"])?;
    if !matches!(call.arguments.string("sort_by")?, None | Some("created_at")) {
        return Err(call
            .arguments
            .invalid("sort_by", "must be `created_at` in the sandbox"));
    }
    let wanted = LIST.page(call.arguments, state.clock.now(), || {
        let filters = call.arguments.object("filters")?;
        let without_chats = filters.map(|filters| {
            filters.allow(&["include_customers_without_chats"])?;
            filters.boolean("include_customers_without_chats")
        });
        let without_chats = without_chats.transpose()?.flatten();
        Ok(Filters {
            include_customers_without_chats: without_chats.unwrap_or(true),
        })
    })?;
    call.caller.require_any(&["customers:ro"])?;
    let all = state.chats.customers();
    let found = (0..all.len()).filter(|position| {
        let customer = &all[*position];
        let has_chats = !state.chats.of_customer(&customer.id).is_empty();
        customer.created_at <= wanted.as_of
            && (has_chats || wanted.filters.include_customers_without_chats)
    });
    let page = wanted.cut(found.collect(), |position| position);
    let Page {
        positions,
        found,
        next,
        previous,
    } = page;
    let view = View::new(state, &call.caller.account, call.version);
    let customers = positions
        .into_iter()
        .map(|position| view.customer(&all[position]));
    let body = Body {
        customers: customers.collect(),
        total_customers: found,
        next_page_id: next,
        previous_page_id: previous,
    };
    Ok(Response::json(200, &body))
}

/// `get_license_info`, up to 3.5.
pub fn get_license_info(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body {
        license_id: String,
        expires_at: Moment,
        created_at: Moment,
        in_trial: bool,
    }
    call.arguments.allow(&[])?;
    let year = Duration::from_secs(365 * 24 * 3600);
    let organization = &state.organization;
    let body = Body {
        license_id: organization.license_id.to_string(),
        expires_at: state.clock.now().plus(year),
        created_at: organization.created_at,
        in_trial: false,
    };
    Ok(Response::json(200, &body))
}
