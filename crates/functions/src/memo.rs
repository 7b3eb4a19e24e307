//! Answers remembered by view: a column read from a dictionary has the same view for every copy of a text.

/// Remembers the answer for the views seen last. Only good within one array: a view means nothing elsewhere.
#[derive(Debug)]
pub struct ViewMemo<T> {
    slots: Vec<(u128, T)>,
    asked: u32,
    found: u32,
}

const SLOTS: usize = 512;
/// After this many questions a memo that does not pay is given up.
const TRIAL: u32 = 512;
/// No view of an array has this length, so no text is taken for it.
const NONE: u128 = u128::MAX;

impl<T: Copy> Default for ViewMemo<T> {
    fn default() -> Self {
        ViewMemo {
            slots: Vec::new(),
            asked: 0,
            found: 0,
        }
    }
}

impl<T: Copy> ViewMemo<T> {
    /// The answer for a view, asked once for each while it is remembered.
    #[inline]
    pub fn get(&mut self, view: u128, ask: impl FnOnce() -> T) -> T {
        if self.asked >= TRIAL && self.found < self.asked / 4 {
            return ask();
        }
        self.asked += 1;
        let slot = slot(view);
        if let Some((seen, answer)) = self.slots.get(slot)
            && *seen == view
        {
            self.found += 1;
            return *answer;
        }
        let answer = ask();
        if self.slots.is_empty() {
            self.slots = vec![(NONE, answer); SLOTS];
        }
        if let Some(s) = self.slots.get_mut(slot) {
            *s = (view, answer);
        }
        answer
    }
}

/// Where a view is remembered.
#[inline]
#[allow(clippy::cast_possible_truncation)] // two halves of a view, and a number below that of the slots
fn slot(view: u128) -> usize {
    let mixed = ((view >> 64) as u64 ^ view as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 55) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_that_of_its_view() {
        // Few views, so that it is kept; then many, so that it is given up.
        for most in [40u128, 100_000] {
            let mut memo = ViewMemo::default();
            let mut asked = 0u32;
            for i in 0..20_000u128 {
                let view = ((i * 7_919) % most * 50) << 96 | 50;
                let answer = memo.get(view, || {
                    asked += 1;
                    view >> 96
                });
                assert_eq!(answer, view >> 96);
            }
            assert_eq!(asked < 20_000, most == 40);
        }
    }
}
