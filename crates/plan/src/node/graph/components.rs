//! Connected components.

use super::Adjacency;

/// The component of each node, directions not counting. Components are numbered in the order of their first nodes.
pub(super) fn weak(nodes: usize, source: &[u32], target: &[u32]) -> Vec<i64> {
    let mut parent: Vec<u32> = (0u32..).take(nodes).collect();
    for (a, b) in source.iter().zip(target) {
        let (a, b) = (root(&mut parent, *a), root(&mut parent, *b));
        // The first node stays the root.
        let (low, high) = (a.min(b), a.max(b));
        if let Some(slot) = parent.get_mut(high as usize) {
            *slot = low;
        }
    }
    let roots: Vec<u32> = (0u32..).take(nodes).map(|n| root(&mut parent, n)).collect();
    number(&roots)
}

fn root(parent: &mut [u32], mut n: u32) -> u32 {
    while parent[n as usize] != n {
        let up = parent[parent[n as usize] as usize];
        parent[n as usize] = up;
        n = up;
    }
    n
}

/// Numbers from 0 on, in the order in which the groups first appear.
fn number(groups: &[u32]) -> Vec<i64> {
    let mut numbers = vec![-1i64; groups.len()];
    let mut next = 0;
    groups
        .iter()
        .map(|g| {
            let slot = &mut numbers[*g as usize];
            if *slot < 0 {
                *slot = next;
                next += 1;
            }
            *slot
        })
        .collect()
}

/// The component of each node, within which each node reaches each other.
pub(super) fn strong(nodes: usize, source: &[u32], target: &[u32]) -> Vec<i64> {
    let out = Adjacency::new(nodes, source);
    let mut index = vec![u32::MAX; nodes];
    let mut low = vec![0u32; nodes];
    let mut on_stack = vec![false; nodes];
    let mut group = vec![0u32; nodes];
    let mut stack: Vec<u32> = Vec::new();
    let mut next = 0u32;
    let mut groups = 0u32;
    for start in (0u32..).take(nodes) {
        if index[start as usize] != u32::MAX {
            continue;
        }
        // Node, and how many of its edges were followed.
        let mut work: Vec<(u32, usize)> = vec![(start, 0)];
        while let Some((n, followed)) = work.pop() {
            let i = n as usize;
            if followed == 0 {
                index[i] = next;
                low[i] = next;
                next += 1;
                stack.push(n);
                on_stack[i] = true;
            }
            if let Some(e) = out.of(n).get(followed) {
                work.push((n, followed + 1));
                let m = target[*e as usize];
                if index[m as usize] == u32::MAX {
                    work.push((m, 0));
                } else if on_stack[m as usize] {
                    low[i] = low[i].min(index[m as usize]);
                }
                continue;
            }
            if low[i] == index[i] {
                while let Some(m) = stack.pop() {
                    on_stack[m as usize] = false;
                    group[m as usize] = groups;
                    if m == n {
                        break;
                    }
                }
                groups += 1;
            }
            if let Some((up, _)) = work.last() {
                let up = *up as usize;
                low[up] = low[up].min(low[i]);
            }
        }
    }
    number(&group)
}

#[cfg(test)]
mod tests {
    use super::{strong, weak};

    #[test]
    fn directions_count_only_when_asked() {
        // 0 -> 1 -> 2 -> 0, 2 -> 3, 4 alone.
        let (source, target) = ([0, 1, 2, 2], [1, 2, 0, 3]);
        assert_eq!(weak(5, &source, &target), [0, 0, 0, 0, 1]);
        assert_eq!(strong(5, &source, &target), [0, 0, 0, 1, 2]);
    }

    #[test]
    fn a_chain_of_many_nodes_overflows_nothing() {
        let source: Vec<u32> = (0..200_000).collect();
        let target: Vec<u32> = (1..200_001).collect();
        assert_eq!(strong(200_001, &source, &target).last(), Some(&200_000));
        assert_eq!(weak(200_001, &source, &target).last(), Some(&0));
    }
}
