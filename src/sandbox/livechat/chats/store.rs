//! Keeps the chats and the customers, finds them by id, and keeps the order in which things began.

use std::collections::HashMap;

use super::customer::Customer;
use super::model::{Chat, Thread};

/// Where a thread stands: its chat's position and its own within the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The position of the chat.
    pub chat: usize,
    /// The position of the thread within the chat.
    pub thread: usize,
}

/// All chats, their threads and the customers, each in the order in which they began.
#[derive(Debug, Default)]
pub struct Chats {
    list: Vec<Chat>,
    positions: HashMap<String, usize>,
    threads: Vec<Place>,
    places: HashMap<String, Place>,
    customers: Vec<Customer>,
    customer_positions: HashMap<String, usize>,
    by_customer: HashMap<String, Vec<usize>>,
}

impl Chats {
    /// A store of these customers and chats, the oldest chat first.
    pub fn new(customers: Vec<Customer>, chats: Vec<Chat>) -> Self {
        let mut store = Self::default();
        for customer in customers {
            store.insert_customer(customer);
        }
        for chat in chats {
            store.insert(chat);
        }
        let Self { list, threads, .. } = &mut store;
        threads.sort_by_key(|place| list[place.chat].threads[place.thread].created_at);
        store
    }

    /// Adds a chat with its threads; it becomes the newest. Returns its position.
    pub fn insert(&mut self, mut chat: Chat) -> usize {
        let position = self.list.len();
        let threads = std::mem::take(&mut chat.threads);
        let customer = chat.customer().map(|user| user.id.clone());
        self.positions.insert(chat.id.clone(), position);
        self.list.push(chat);
        for thread in threads {
            self.open_thread(position, thread);
        }
        if let Some(id) = customer {
            self.bind_customer(position, &id);
        }
        position
    }

    /// Adds a thread to a chat; it becomes the newest of all.
    pub fn open_thread(&mut self, chat: usize, thread: Thread) {
        let place = Place {
            chat,
            thread: self.list[chat].threads.len(),
        };
        self.threads.push(place);
        self.places.insert(thread.id.clone(), place);
        self.list[chat].threads.push(thread);
    }

    /// Notes whose chat it is.
    pub fn bind_customer(&mut self, chat: usize, customer_id: &str) {
        self.by_customer
            .entry(customer_id.to_owned())
            .or_default()
            .push(chat);
    }

    /// Every chat, the oldest first.
    pub fn all(&self) -> &[Chat] {
        &self.list
    }

    /// Where every thread stands, the oldest first.
    pub fn threads(&self) -> &[Place] {
        &self.threads
    }

    /// A chat's position by its id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.positions.get(id).copied()
    }

    /// The chat at a position.
    pub fn at(&self, position: usize) -> &Chat {
        &self.list[position]
    }

    /// The chat at a position, to be changed.
    pub fn at_mut(&mut self, position: usize) -> &mut Chat {
        &mut self.list[position]
    }

    /// The position of the thread with the id `id` within the chat at `position`, if it is that chat's.
    pub fn thread_in(&self, position: usize, id: &str) -> Option<usize> {
        let place = self.places.get(id)?;
        (place.chat == position).then_some(place.thread)
    }

    /// The positions of a customer's chats, the oldest first.
    pub fn of_customer(&self, customer_id: &str) -> &[usize] {
        self.by_customer.get(customer_id).map_or(&[], Vec::as_slice)
    }

    /// Whether a customer can be in a chat: there is one customer in a chat, and one chat for a
    /// customer.
    pub fn takes_customer(&self, position: usize, customer_id: &str) -> bool {
        let customer = self.at(position).customer();
        let mut chats = self.of_customer(customer_id).iter();
        customer.is_none_or(|customer| customer.id == customer_id)
            && chats.all(|chat| *chat == position)
    }

    /// How many active chats an agent takes part in.
    pub fn active_chats_of(&self, email: &str) -> usize {
        self.list
            .iter()
            .filter(|chat| chat.is_active() && chat.has_present(email))
            .count()
    }

    /// Adds a customer.
    pub fn insert_customer(&mut self, customer: Customer) {
        self.customer_positions
            .insert(customer.id.clone(), self.customers.len());
        self.customers.push(customer);
    }

    /// Every customer, the one first seen first.
    pub fn customers(&self) -> &[Customer] {
        &self.customers
    }

    /// A customer.
    pub fn customer(&self, id: &str) -> Option<&Customer> {
        self.customer_positions
            .get(id)
            .map(|position| &self.customers[*position])
    }

    /// A customer, to be changed.
    pub fn customer_mut(&mut self, id: &str) -> Option<&mut Customer> {
        self.customer_positions
            .get(id)
            .map(|position| &mut self.customers[*position])
    }
}
