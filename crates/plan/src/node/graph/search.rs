//! Finds the matches of a pattern, one after the other.
//!
//! The pattern is put into an order of steps, each of which binds one node, one edge or one path from a node that is bound
//! already. The steps in hand are frames of a stack; a frame remembers where it is, so the search can stop anywhere and go
//! on later.

use super::Adjacency;
use super::walk::{Breadth, Walk};
use arrow::array::{Array, BooleanArray};
use kql_bind::graph::{Cycles, Way};

/// A graph in numbers.
pub(super) struct Net {
    pub nodes: usize,
    pub source: Vec<u32>,
    pub target: Vec<u32>,
    /// By source.
    pub out: Adjacency,
    /// By target.
    pub into: Adjacency,
}

impl Net {
    /// The edges that can be taken from a node and where they lead: `phase` 0 along their direction, 1 against it.
    pub fn next(&self, node: u32, way: Way, at: &mut Cursor) -> Option<(u32, u32)> {
        loop {
            let along = match (at.phase, way) {
                (0, Way::Right | Way::Any) => true,
                (0, Way::Left) | (1, Way::Any) => false,
                _ => return None,
            };
            let list = if along { &self.out } else { &self.into };
            if let Some(e) = list.of(node).get(at.place) {
                at.place += 1;
                let ends = if along { &self.target } else { &self.source };
                return Some((*e, ends.get(*e as usize).copied().unwrap_or(node)));
            }
            at.phase += 1;
            at.place = 0;
        }
    }
}

/// A place among the edges of a node.
#[derive(Clone, Copy, Default)]
pub(super) struct Cursor {
    phase: u8,
    place: usize,
}

impl Cursor {
    /// Behind the last edge.
    pub fn end() -> Cursor {
        Cursor { phase: 2, place: 0 }
    }
}

/// Which nodes or edges are allowed; none: all.
#[derive(Clone, Default)]
pub(super) struct Allowed(pub Option<BooleanArray>);

impl Allowed {
    pub fn has(&self, i: u32) -> bool {
        match &self.0 {
            None => true,
            Some(a) => {
                let i = i as usize;
                i < a.len() && a.is_valid(i) && a.value(i)
            }
        }
    }

    pub fn count(&self, all: usize) -> usize {
        self.0.as_ref().map_or(all, BooleanArray::true_count)
    }
}

/// An edge of the pattern.
pub(super) struct PatternEdge {
    pub left: usize,
    pub right: usize,
    pub way: Way,
    pub range: Option<(usize, usize)>,
    pub edges: Allowed,
    pub inner: Allowed,
}

/// One step of the search.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Binds a node.
    Start { variable: usize },
    /// Binds an edge or a path from a bound node.
    Follow {
        edge: usize,
        known: usize,
        other: usize,
        /// Whether the other end is bound already.
        closes: bool,
        /// The way seen from the known end.
        way: Way,
        /// Whether the known end is the right one.
        backwards: bool,
    },
}

/// What is bound.
pub(super) struct Bound {
    pub nodes: Vec<u32>,
    /// The edge of each edge of the pattern that has no length.
    pub edges: Vec<u32>,
    /// The edges of each path, from left to right.
    pub paths: Vec<Vec<u32>>,
    /// The inner nodes of each path, from left to right.
    pub inner: Vec<Vec<u32>>,
    /// Whether an edge is in use, if that counts.
    used_edges: Option<Vec<bool>>,
    /// How often a node is in use, if that counts.
    used_nodes: Option<Vec<u32>>,
}

impl Bound {
    pub fn edge_is_free(&self, e: u32) -> bool {
        self.used_edges
            .as_ref()
            .is_none_or(|u| u.get(e as usize) != Some(&true))
    }

    pub fn use_edge(&mut self, e: u32, used: bool) {
        if let Some(slot) = self.used_edges.as_mut().and_then(|u| u.get_mut(e as usize)) {
            *slot = used;
        }
    }

    /// Whether nodes may stand only once.
    pub fn simple(&self) -> bool {
        self.used_nodes.is_some()
    }

    pub fn node_is_free(&self, n: u32) -> bool {
        self.used_nodes
            .as_ref()
            .is_none_or(|u| u.get(n as usize) == Some(&0))
    }

    pub fn use_node(&mut self, n: u32, used: bool) {
        if let Some(slot) = self.used_nodes.as_mut().and_then(|u| u.get_mut(n as usize)) {
            *slot = if used {
                *slot + 1
            } else {
                slot.saturating_sub(1)
            };
        }
    }
}

/// The pattern.
pub(super) struct Pattern {
    pub variables: Vec<Allowed>,
    pub edges: Vec<PatternEdge>,
    pub cycles: Cycles,
    /// Whether only the shortest paths are looked for, and whether all of them.
    pub shortest: Option<bool>,
}

enum Frame {
    Start {
        next: u32,
        bound: Option<u32>,
    },
    Edge {
        at: Cursor,
        bound: Option<(u32, u32)>,
    },
    Path(Box<Walk>),
    Breadth(Box<Breadth>),
}

/// What a search has found.
pub(super) enum Found {
    Match,
    /// Nothing within the budget.
    Pause,
    Done,
}

/// A running search.
pub(super) struct Search {
    pub net: Net,
    pub pattern: Pattern,
    pub bound: Bound,
    steps: Vec<Step>,
    frames: Vec<Frame>,
    begun: bool,
}

impl Search {
    pub fn new(net: Net, pattern: Pattern) -> Search {
        let bound = Bound {
            nodes: vec![0; pattern.variables.len()],
            edges: vec![0; pattern.edges.len()],
            paths: vec![Vec::new(); pattern.edges.len()],
            inner: vec![Vec::new(); pattern.edges.len()],
            used_edges: (pattern.cycles != Cycles::All).then(|| vec![false; net.source.len()]),
            used_nodes: (pattern.cycles == Cycles::None).then(|| vec![0; net.nodes]),
        };
        let steps = order(&net, &pattern);
        Search {
            net,
            pattern,
            bound,
            steps,
            frames: Vec::new(),
            begun: false,
        }
    }

    /// Goes on to the next match, with at most so many tries.
    pub fn next(&mut self, budget: &mut usize) -> Found {
        loop {
            let Some(mut frame) = self.frames.pop() else {
                if self.begun {
                    return Found::Done;
                }
                self.begun = true;
                let Some(frame) = self.frame(0) else {
                    return Found::Done;
                };
                self.frames.push(frame);
                continue;
            };
            let depth = self.frames.len();
            let found = self.advance(depth, &mut frame, budget);
            match found {
                Some(true) => {
                    self.frames.push(frame);
                    match self.frame(depth + 1) {
                        Some(next) => self.frames.push(next),
                        None => return Found::Match,
                    }
                }
                Some(false) => {}
                None => {
                    self.frames.push(frame);
                    return Found::Pause;
                }
            }
        }
    }

    fn frame(&self, depth: usize) -> Option<Frame> {
        Some(match *self.steps.get(depth)? {
            Step::Start { .. } => Frame::Start {
                next: 0,
                bound: None,
            },
            Step::Follow {
                edge,
                known,
                closes,
                ..
            } => {
                let from = self.bound.nodes[known];
                match self.pattern.edges[edge].range {
                    None => Frame::Edge {
                        at: Cursor::default(),
                        bound: None,
                    },
                    Some((low, _)) => match self.pattern.shortest {
                        Some(all) if low <= 1 && self.steps.len() == 2 && !closes => {
                            Frame::Breadth(Box::new(Breadth::new(from, all)))
                        }
                        _ => Frame::Path(Box::new(Walk::new(from))),
                    },
                }
            }
        })
    }

    /// The next binding of a frame; none when the budget is spent.
    fn advance(&mut self, depth: usize, frame: &mut Frame, budget: &mut usize) -> Option<bool> {
        let step = self.steps[depth];
        match (frame, step) {
            (Frame::Start { next, bound }, Step::Start { variable }) => {
                if let Some(n) = bound.take() {
                    self.bound.use_node(n, false);
                }
                while (*next as usize) < self.net.nodes {
                    let n = *next;
                    *next += 1;
                    if self.pattern.variables[variable].has(n) {
                        self.bound.nodes[variable] = n;
                        self.bound.use_node(n, true);
                        *bound = Some(n);
                        return Some(true);
                    }
                    if self.spend(budget) {
                        return None;
                    }
                }
                Some(false)
            }
            (Frame::Edge { at, bound }, step) => {
                let Step::Follow {
                    edge,
                    known,
                    other,
                    closes,
                    way,
                    ..
                } = step
                else {
                    return Some(false);
                };
                if let Some((e, n)) = bound.take() {
                    self.bound.use_edge(e, false);
                    if !closes {
                        self.bound.use_node(n, false);
                    }
                }
                let from = self.bound.nodes[known];
                while let Some((e, n)) = self.net.next(from, way, at) {
                    let fits = self.pattern.edges[edge].edges.has(e)
                        && self.bound.edge_is_free(e)
                        && if closes {
                            n == self.bound.nodes[other]
                        } else {
                            self.pattern.variables[other].has(n) && self.bound.node_is_free(n)
                        };
                    if fits {
                        self.bound.use_edge(e, true);
                        self.bound.edges[edge] = e;
                        if !closes {
                            self.bound.use_node(n, true);
                            self.bound.nodes[other] = n;
                        }
                        *bound = Some((e, n));
                        return Some(true);
                    }
                    if self.spend(budget) {
                        return None;
                    }
                }
                Some(false)
            }
            (Frame::Path(walk), step) => {
                walk.next(&self.net, &self.pattern, &mut self.bound, step, budget)
            }
            (Frame::Breadth(b), step) => {
                b.next(&self.net, &self.pattern, &mut self.bound, step, budget)
            }
            _ => Some(false),
        }
    }

    fn spend(&self, budget: &mut usize) -> bool {
        *budget = budget.saturating_sub(1);
        *budget == 0
    }
}

/// The steps: the node with the fewest candidates first, then always an edge at what is bound; edges before paths, and
/// those first that close a circle.
fn order(net: &Net, pattern: &Pattern) -> Vec<Step> {
    let candidates = |v: usize| {
        pattern
            .variables
            .get(v)
            .map_or(net.nodes, |a| a.count(net.nodes))
    };
    let start = (0..pattern.variables.len())
        .min_by_key(|v| candidates(*v))
        .unwrap_or(0);
    let mut steps = vec![Step::Start { variable: start }];
    let mut bound = vec![false; pattern.variables.len()];
    bound[start] = true;
    let mut open: Vec<usize> = (0..pattern.edges.len()).collect();
    while !open.is_empty() {
        let best = open
            .iter()
            .copied()
            .filter(|e| bound[pattern.edges[*e].left] || bound[pattern.edges[*e].right])
            .min_by_key(|e| {
                let e = &pattern.edges[*e];
                let closes = bound[e.left] && bound[e.right];
                let other = if bound[e.left] { e.right } else { e.left };
                (e.range.is_some(), !closes, candidates(other))
            });
        let Some(edge) = best else { break };
        open.retain(|e| *e != edge);
        let e = &pattern.edges[edge];
        let backwards = !bound[e.left];
        let (known, other) = if backwards {
            (e.right, e.left)
        } else {
            (e.left, e.right)
        };
        steps.push(Step::Follow {
            edge,
            known,
            other,
            closes: bound[other],
            way: match (e.way, backwards) {
                (Way::Right, true) => Way::Left,
                (Way::Left, true) => Way::Right,
                (way, _) => way,
            },
            backwards,
        });
        bound[other] = true;
    }
    steps
}
