//! Damage to texts from a fixed seed.

/// A generator of texts; the same seed gives the same texts.
pub struct Mutator {
    state: u64,
}

const PIECES: [&str; 24] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    ";",
    ",",
    "'",
    "\"",
    "\0",
    "é",
    "\u{1f600}",
    "\u{feff}",
    "//",
    "=",
    "==",
    "..",
    "-",
    "@\"",
    "```",
    "dynamic(",
    "1d",
];

impl Mutator {
    pub fn new(seed: u64) -> Self {
        Mutator { state: seed }
    }

    fn next(&mut self) -> u64 {
        // splitmix64
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap()
    }

    /// One of the texts with one to four changes.
    pub fn damaged(&mut self, seeds: &[String]) -> String {
        let n = self.below(seeds.len());
        let mut tokens = split(&seeds[n]);
        for _ in 0..=self.below(4) {
            if tokens.is_empty() {
                break;
            }
            let (a, b) = (self.below(tokens.len()), self.below(tokens.len()));
            match self.below(6) {
                0 => {
                    tokens.remove(a);
                }
                1 => tokens.insert(a, tokens[b].clone()),
                2 => tokens.swap(a, b),
                3 => tokens.insert(a, PIECES[self.below(PIECES.len())].to_owned()),
                4 => tokens.truncate(a),
                _ => {
                    let m = self.below(seeds.len());
                    let other = split(&seeds[m]);
                    if !other.is_empty() {
                        let from = self.below(other.len());
                        let part = other[from..].iter().take(8).cloned();
                        tokens.splice(a..a, part);
                    }
                }
            }
        }
        tokens.concat()
    }
}

/// Words, runs of space, and single characters.
fn split(text: &str) -> Vec<String> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 1,
        c if c.is_whitespace() => 2,
        _ => 0,
    };
    let mut out: Vec<String> = Vec::new();
    let mut last = 0;
    for c in text.chars() {
        let now = class(c);
        match out.last_mut() {
            Some(t) if now == last && now != 0 => t.push(c),
            _ => out.push(c.to_string()),
        }
        last = now;
    }
    out
}
