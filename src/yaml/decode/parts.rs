//! How a value goes through serde together with its place: as a list of numbers and the value.

use serde::de::value::{U8Deserializer, U32Deserializer};
use serde::de::{self, DeserializeSeed, IntoDeserializer, SeqAccess};

use super::entries::KeyDe;
use super::mistake::Mistake;
use super::value::De;
use crate::source::Span;

/// What has a place.
pub(super) trait Placed {
    /// Its place.
    fn span(&self) -> Span;
}

impl Placed for De<'_> {
    fn span(&self) -> Span {
        self.node.span
    }
}

impl Placed for KeyDe<'_> {
    fn span(&self) -> Span {
        self.key.span
    }
}

/// The parts of a value with its place: the three numbers of the span, perhaps the shape, the
/// value.
pub(super) struct Parts<D> {
    value: D,
    shape: Option<u8>,
    next: u8,
}

impl<D> Parts<D> {
    /// The parts of a value, with its shape if the type wants to know it.
    pub(super) fn new(value: D, shape: Option<u8>) -> Self {
        Self {
            value,
            shape,
            next: 0,
        }
    }
}

impl<'de, D> SeqAccess<'de> for Parts<D>
where
    D: de::Deserializer<'de, Error = Mistake> + Placed + Copy,
{
    type Error = Mistake;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mistake> {
        let span = self.value.span();
        let number = |number: u32| -> U32Deserializer<Mistake> { number.into_deserializer() };
        self.next += 1;
        let part = match (self.next, self.shape) {
            (1, _) => seed.deserialize(number(span.source.index())),
            (2, _) => seed.deserialize(number(span.start)),
            (3, _) => seed.deserialize(number(span.end)),
            (4, Some(shape)) => seed.deserialize(U8Deserializer::new(shape)),
            _ => seed.deserialize(self.value),
        };
        part.map(Some)
    }
}
