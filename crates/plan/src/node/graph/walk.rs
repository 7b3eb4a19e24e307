//! Paths from a bound node: all of them in the order of a depth-first search, or the shortest.

use super::search::{Bound, Cursor, Net, Pattern, Step};
use std::collections::HashMap;

/// What a step says of its path.
struct Follow<'a> {
    edge: usize,
    other: usize,
    closes: bool,
    way: kql_bind::graph::Way,
    backwards: bool,
    low: usize,
    high: usize,
    pattern: &'a Pattern,
}

impl<'a> Follow<'a> {
    fn new(pattern: &'a Pattern, step: Step) -> Option<Follow<'a>> {
        let Step::Follow {
            edge,
            other,
            closes,
            way,
            backwards,
            ..
        } = step
        else {
            return None;
        };
        let (low, high) = pattern.edges.get(edge)?.range?;
        Some(Follow {
            edge,
            other,
            closes,
            way,
            backwards,
            low,
            high,
            pattern,
        })
    }

    fn edge_fits(&self, e: u32) -> bool {
        self.pattern.edges[self.edge].edges.has(e)
    }

    fn inner_fits(&self, n: u32) -> bool {
        self.pattern.edges[self.edge].inner.has(n)
    }

    /// Whether the path may end at a node.
    fn ends_at(&self, n: u32, bound: &Bound) -> bool {
        if self.closes {
            n == bound.nodes[self.other]
        } else {
            self.pattern.variables[self.other].has(n) && bound.node_is_free(n)
        }
    }

    /// Takes the path: `nodes` are its inner nodes in the order of the search.
    fn take(&self, bound: &mut Bound, edges: &[u32], inner: impl Iterator<Item = u32>, end: u32) {
        let path = &mut bound.paths[self.edge];
        path.clear();
        path.extend_from_slice(edges);
        let nodes = &mut bound.inner[self.edge];
        nodes.clear();
        nodes.extend(inner);
        if self.backwards {
            path.reverse();
            nodes.reverse();
        }
        if !self.closes {
            bound.nodes[self.other] = end;
        }
    }
}

struct Level {
    node: u32,
    at: Cursor,
    /// Whether the node is marked as used.
    marked: bool,
}

/// All paths within the bounds.
pub(super) struct Walk {
    levels: Vec<Level>,
    edges: Vec<u32>,
    started: bool,
    /// The end that is bound now.
    end: Option<u32>,
    /// How far each node is from an end that is allowed, where that is known.
    distance: Option<Vec<u32>>,
}

impl Walk {
    pub fn new(from: u32) -> Walk {
        Walk {
            levels: vec![Level {
                node: from,
                at: Cursor::default(),
                marked: false,
            }],
            edges: Vec::new(),
            started: false,
            end: None,
            distance: None,
        }
    }

    pub fn next(
        &mut self,
        net: &Net,
        pattern: &Pattern,
        bound: &mut Bound,
        step: Step,
        budget: &mut usize,
    ) -> Option<bool> {
        let Some(f) = Follow::new(pattern, step) else {
            return Some(false);
        };
        if let Some(n) = self.end.take()
            && !f.closes
        {
            bound.use_node(n, false);
        }
        let from = self.levels.first().map(|l| l.node);
        if !self.started {
            self.started = true;
            if f.high > 3 {
                self.distance = distances(net, &f, bound);
            }
            let Some(from) = from else {
                return Some(false);
            };
            // A path of no edge ends where it starts.
            let here = if f.closes {
                bound.nodes[f.other] == from
            } else {
                pattern.variables[f.other].has(from)
            };
            if f.low == 0 && here {
                self.finish(&f, bound, from);
                return Some(true);
            }
        }
        loop {
            let depth = self.edges.len();
            let Some(top) = self.levels.last_mut() else {
                return Some(false);
            };
            let Some((e, n)) = net.next(top.node, f.way, &mut top.at) else {
                if let Some(level) = self.levels.pop()
                    && level.marked
                {
                    bound.use_node(level.node, false);
                }
                if let Some(e) = self.edges.pop() {
                    bound.use_edge(e, false);
                }
                continue;
            };
            *budget = budget.saturating_sub(1);
            if depth < f.high && f.edge_fits(e) && bound.edge_is_free(e) {
                let length = depth + 1;
                // The start is no inner node, and a simple path does not come back to it.
                let goes_on = length < f.high
                    && f.inner_fits(n)
                    && bound.node_is_free(n)
                    && self.reaches(n, f.high - length);
                let simple = !(bound.simple() && f.closes && Some(n) == from);
                let ends = length >= f.low && simple && f.ends_at(n, bound);
                if goes_on || ends {
                    bound.use_edge(e, true);
                    self.edges.push(e);
                    if goes_on {
                        bound.use_node(n, true);
                    }
                    self.levels.push(Level {
                        node: n,
                        at: if goes_on {
                            Cursor::default()
                        } else {
                            Cursor::end()
                        },
                        marked: goes_on,
                    });
                    if ends {
                        self.finish(&f, bound, n);
                        return Some(true);
                    }
                }
            }
            if *budget == 0 {
                return None;
            }
        }
    }

    fn finish(&mut self, f: &Follow<'_>, bound: &mut Bound, end: u32) {
        let count = self.levels.len().saturating_sub(2);
        let inner = self.levels.iter().skip(1).take(count).map(|l| l.node);
        f.take(bound, &self.edges, inner, end);
        if !f.closes {
            bound.use_node(end, true);
        }
        self.end = Some(end);
    }

    fn reaches(&self, n: u32, left: usize) -> bool {
        self.distance.as_ref().is_none_or(|d| {
            d.get(n as usize)
                .is_some_and(|d| usize::try_from(*d).is_ok_and(|d| d <= left))
        })
    }
}

/// How many edges lie between each node and the next end that is allowed; none where any node may be the end.
fn distances(net: &Net, f: &Follow<'_>, bound: &Bound) -> Option<Vec<u32>> {
    use kql_bind::graph::Way;
    let mut queue: Vec<u32> = if f.closes {
        vec![bound.nodes[f.other]]
    } else {
        let allowed = f.pattern.variables[f.other].0.as_ref()?;
        (0u32..)
            .zip(allowed.iter())
            .filter_map(|(n, yes)| (yes == Some(true)).then_some(n))
            .collect()
    };
    let mut out = vec![u32::MAX; net.nodes];
    for n in &queue {
        out[*n as usize] = 0;
    }
    let back = match f.way {
        Way::Right => Way::Left,
        Way::Left => Way::Right,
        Way::Any => Way::Any,
    };
    let mut far = 0;
    while !queue.is_empty() && (far as usize) < f.high {
        far += 1;
        let mut next = Vec::new();
        for n in queue {
            let mut at = Cursor::default();
            while let Some((e, m)) = net.next(n, back, &mut at) {
                if f.edge_fits(e) && out[m as usize] == u32::MAX {
                    out[m as usize] = far;
                    next.push(m);
                }
            }
        }
        queue = next;
    }
    Some(out)
}

/// The shortest paths to every end, found in the order of their lengths.
pub(super) struct Breadth {
    from: u32,
    all: bool,
    /// The ends that were found.
    ends: Vec<u32>,
    next_end: usize,
    /// The last edges of the shortest paths to a node, and the nodes before it.
    before: HashMap<u32, Vec<(u32, u32)>>,
    /// The path that is being put together from its end: `(node, edge, which of the edges before)`.
    trail: Vec<(u32, u32, usize)>,
    started: bool,
    bound: Option<u32>,
}

impl Breadth {
    pub fn new(from: u32, all: bool) -> Breadth {
        Breadth {
            from,
            all,
            ends: Vec::new(),
            next_end: 0,
            before: HashMap::new(),
            trail: Vec::new(),
            started: false,
            bound: None,
        }
    }

    pub fn next(
        &mut self,
        net: &Net,
        pattern: &Pattern,
        bound: &mut Bound,
        step: Step,
        budget: &mut usize,
    ) -> Option<bool> {
        let Some(f) = Follow::new(pattern, step) else {
            return Some(false);
        };
        if let Some(n) = self.bound.take() {
            bound.use_node(n, false);
        }
        if !self.started {
            self.started = true;
            self.explore(net, &f, bound);
            if f.low == 0 && pattern.variables[f.other].has(self.from) {
                let from = self.from;
                f.take(bound, &[], std::iter::empty(), from);
                bound.use_node(from, true);
                self.bound = Some(from);
                return Some(true);
            }
        }
        *budget = budget.saturating_sub(1);
        loop {
            // Another way to the last edge that has one.
            while let Some((node, _, which)) = self.trail.pop() {
                let lists = self.before.get(&node);
                if let Some((e, _)) = lists.and_then(|l| l.get(which + 1)) {
                    self.trail.push((node, *e, which + 1));
                    return Some(self.complete(&f, bound));
                }
            }
            let Some(end) = self.ends.get(self.next_end).copied() else {
                return Some(false);
            };
            self.next_end += 1;
            if let Some((e, _)) = self.before.get(&end).and_then(|l| l.first()) {
                self.trail.push((end, *e, 0));
                return Some(self.complete(&f, bound));
            }
        }
    }

    /// Follows the first way back to the start, and takes the path.
    fn complete(&mut self, f: &Follow<'_>, bound: &mut Bound) -> bool {
        while let Some((node, _, which)) = self.trail.last().copied() {
            let up = self.before.get(&node).and_then(|l| l.get(which));
            let Some((_, up)) = up.copied() else {
                return false;
            };
            if up == self.from {
                break;
            }
            let Some((e, _)) = self.before.get(&up).and_then(|l| l.first()) else {
                return false;
            };
            self.trail.push((up, *e, 0));
        }
        let Some(end) = self.trail.first().map(|(n, _, _)| *n) else {
            return false;
        };
        let edges: Vec<u32> = self.trail.iter().rev().map(|(_, e, _)| *e).collect();
        let inner = self.trail.iter().skip(1).rev().map(|(n, _, _)| *n);
        f.take(bound, &edges, inner, end);
        bound.use_node(end, true);
        self.bound = Some(end);
        true
    }

    fn explore(&mut self, net: &Net, f: &Follow<'_>, bound: &Bound) {
        let mut wanted = f.pattern.variables[f.other].count(net.nodes);
        if f.pattern.variables[f.other].has(self.from) {
            wanted = wanted.saturating_sub(1);
        }
        let mut depth: HashMap<u32, usize> = HashMap::from([(self.from, 0)]);
        let mut queue = vec![self.from];
        for length in 1..=f.high {
            if queue.is_empty() || self.ends.len() >= wanted {
                break;
            }
            let mut next = Vec::new();
            for n in queue {
                if n != self.from && !f.inner_fits(n) {
                    continue;
                }
                let mut at = Cursor::default();
                while let Some((e, m)) = net.next(n, f.way, &mut at) {
                    if !f.edge_fits(e) {
                        continue;
                    }
                    match depth.get(&m) {
                        None => {
                            depth.insert(m, length);
                            next.push(m);
                            self.before.insert(m, vec![(e, n)]);
                            if f.ends_at(m, bound) {
                                self.ends.push(m);
                            }
                        }
                        Some(d) if self.all && *d == length => {
                            self.before.entry(m).or_default().push((e, n));
                        }
                        Some(_) => {}
                    }
                }
            }
            queue = next;
        }
    }
}
