//! Pages of a list: a page id says everything about the page, so that nothing is kept between requests.
//! The order is the one in which things were added, so a page never repeats or drops one.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::sandbox::livechat::clock::Moment;

/// How long a page id can be used: a month.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3600);

/// In which order a list goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The oldest first.
    #[serde(rename = "asc")]
    Ascending,
    /// The newest first.
    #[default]
    #[serde(rename = "desc")]
    Descending,
}

/// Which page of which list is wanted. `F` is the list's filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest<F> {
    /// The list that a page id belongs to, so that it can't be used for another.
    #[serde(rename = "n")]
    list: String,
    /// Which items are wanted.
    #[serde(rename = "f")]
    pub filters: F,
    /// In which order.
    #[serde(rename = "o")]
    pub order: Order,
    /// How many at a time.
    #[serde(rename = "l")]
    pub limit: usize,
    /// When the first page was asked for: what began later is not part of the list.
    #[serde(rename = "t")]
    pub as_of: Moment,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none", default)]
    cursor: Option<Cursor>,
}

/// Where a page begins: beside the item at `position`, which itself is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    #[serde(rename = "p")]
    position: usize,
    /// Whether the page lies before the item rather than after it.
    #[serde(rename = "b")]
    backwards: bool,
}

/// A page: positions in the list, in the wanted order, and its neighbours' ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The positions of the page's items.
    pub positions: Vec<usize>,
    /// How many items there are on all pages.
    pub found: usize,
    /// The id of the next page, if there is one.
    pub next: Option<String>,
    /// The id of the page before, if there is one.
    pub previous: Option<String>,
}

impl<F: Serialize + DeserializeOwned + Clone> PageRequest<F> {
    /// The first page of the list named `list`.
    pub fn first(list: &str, filters: F, order: Order, limit: usize, now: Moment) -> Self {
        let list = list.to_owned();
        Self {
            list,
            filters,
            order,
            limit,
            as_of: now,
            cursor: None,
        }
    }

    /// Reads a page id of the list named `list`; nothing if it is none, another list's or too old.
    pub fn from_id(list: &str, id: &str, now: Moment) -> Option<Self> {
        let json = URL_SAFE_NO_PAD.decode(id).ok()?;
        let request: Self = serde_json::from_slice(&json).ok()?;
        let fresh = now.since(request.as_of) <= LIFETIME;
        (fresh && request.list == list && (1..=100).contains(&request.limit)).then_some(request)
    }

    /// Cuts the page out of the items whose positions `found` lists. `key` says where an item stands in
    /// ascending order, whether it is among `found` or not, and must not change between pages.
    pub fn cut<K: Ord>(&self, mut found: Vec<usize>, key: impl Fn(usize) -> K) -> Page {
        found.sort_by_key(|position| key(*position));
        if self.order == Order::Descending {
            found.reverse();
        }
        let (from, to) = self.window(&found, key);
        let neighbour = |position, backwards| {
            self.at(Cursor {
                position,
                backwards,
            })
        };
        Page {
            next: (from < to && to < found.len()).then(|| neighbour(found[to - 1], false)),
            previous: (from < to && from > 0).then(|| neighbour(found[from], true)),
            positions: found[from..to].to_vec(),
            found: found.len(),
        }
    }

    /// The part of `found` that the page covers. Works also if the cursor's item no longer matches.
    fn window<K: Ord>(&self, found: &[usize], key: impl Fn(usize) -> K) -> (usize, usize) {
        let Some(cursor) = self.cursor else {
            return (0, self.limit.min(found.len()));
        };
        let edge = key(cursor.position);
        let before = found.partition_point(|position| match self.order {
            Order::Ascending => key(*position) < edge,
            Order::Descending => key(*position) > edge,
        });
        if cursor.backwards {
            return (before.saturating_sub(self.limit), before);
        }
        let from = before + usize::from(found.get(before) == Some(&cursor.position));
        (from, (from + self.limit).min(found.len()))
    }

    fn at(&self, cursor: Cursor) -> String {
        let request = Self {
            cursor: Some(cursor),
            ..self.clone()
        };
        let json = serde_json::to_vec(&request).expect("filters have string keys");
        URL_SAFE_NO_PAD.encode(json)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::livechat::clock::Clock;

    fn first(order: Order, limit: usize) -> PageRequest<()> {
        PageRequest::first("list_chats", (), order, limit, Clock::stepped(None).now())
    }

    fn read(id: &str) -> PageRequest<()> {
        PageRequest::from_id("list_chats", id, Clock::stepped(None).now()).unwrap()
    }

    fn walk(order: Order, limit: usize, found: &[usize]) -> Vec<Vec<usize>> {
        let mut request = first(order, limit);
        let mut pages = Vec::new();
        loop {
            let page = request.cut(found.to_vec(), |position| position);
            pages.push(page.positions);
            let Some(next) = page.next else { return pages };
            request = read(&next);
        }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repetition() {
        let found = [0, 1, 2, 4, 5];
        assert_eq!(
            walk(Order::Ascending, 2, &found),
            [vec![0, 1], vec![2, 4], vec![5]]
        );
        assert_eq!(
            walk(Order::Descending, 2, &found),
            [vec![5, 4], vec![2, 1], vec![0]]
        );
        assert_eq!(walk(Order::Ascending, 10, &found), [found.to_vec()]);
        assert_eq!(walk(Order::Ascending, 10, &[]), [Vec::<usize>::new()]);
    }

    #[test]
    fn the_previous_page_is_the_one_before() {
        let all = || (0..6).collect::<Vec<usize>>();
        let page = first(Order::Descending, 2).cut(all(), |position| position);
        assert_eq!(page.previous, None);
        let second = read(&page.next.unwrap()).cut(all(), |position| position);
        let back = read(&second.previous.unwrap()).cut(all(), |position| position);
        assert_eq!(back.positions, [5, 4]);
    }

    #[test]
    fn items_that_come_or_stop_matching_do_not_shift_the_next_page() {
        let page = first(Order::Descending, 2).cut((0..4).collect(), |position| position);
        let next = read(&page.next.unwrap());
        assert_eq!(
            next.cut((0..5).collect(), |position| position).positions,
            [1, 0]
        );
        assert_eq!(
            next.cut(vec![0, 1, 3], |position| position).positions,
            [1, 0]
        );
    }

    #[test]
    fn a_page_id_is_bound_to_its_list_and_to_a_month() {
        let now = Clock::stepped(None).now();
        let id = first(Order::Descending, 2)
            .cut((0..4).collect(), |position| position)
            .next
            .unwrap();
        let read = |list, at| PageRequest::<()>::from_id(list, &id, at);
        assert!(read("list_chats", now.plus(LIFETIME)).is_some());
        assert!(read("list_chats", now.plus(LIFETIME + Duration::from_secs(1))).is_none());
        assert!(read("list_threads", now).is_none());
        assert!(PageRequest::<()>::from_id("list_chats", "MjAyNA", now).is_none());
    }
}
