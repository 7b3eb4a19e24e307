//! Folders of content, and work on many files at a time.

use crate::input::{self, Loaded};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The content of folders. Files that hold no query are passed over.
pub fn load(folders: &[PathBuf], values: &kql_content::Values) -> Vec<Loaded> {
    let mut paths = Vec::new();
    for f in folders {
        walk(f, &mut paths, 0);
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let read = several(&paths, threads, |path| file(path, values));
    read.into_iter().flatten().collect()
}

/// What a file holds; none where it holds no query.
fn file(path: &Path, values: &kql_content::Values) -> Option<Loaded> {
    let name = path.display().to_string();
    let text = input::read_text(path).ok()?;
    let found = kql_content::load(&name, &text, values).ok()?;
    let nothing = found.items.is_empty()
        && found
            .findings
            .iter()
            .all(|d| d.message.starts_with("the file has no query"));
    (!nothing).then_some(Loaded {
        items: found.items,
        findings: found.findings,
        source: found.source,
    })
}

const ENDINGS: [&str; 6] = ["kql", "csl", "yaml", "yml", "json", "md"];

fn walk(folder: &Path, out: &mut Vec<PathBuf>, depth: usize) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    for p in paths {
        let hidden = p
            .file_name()
            .and_then(|n| n.to_str())
            .is_some_and(|n| n.starts_with('.'));
        let name = p.to_str().unwrap_or_default();
        if p.is_dir() && depth < 32 && !hidden {
            walk(&p, out, depth + 1);
        } else if p
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| ENDINGS.contains(&e))
            && !name.ends_with(".test.yaml")
            && !name.ends_with(".test.yml")
            && !name.ends_with("schema.json")
        {
            out.push(p);
        }
    }
}

/// Does the same to each element on several threads; what comes of it is in the order of the elements.
pub fn several<T: Sync, R: Send>(
    work: &[T],
    threads: usize,
    each: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let threads = threads.clamp(1, 16).min(work.len().max(1));
    let worker = || {
        let mut mine = Vec::new();
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(element) = work.get(i) else {
                return mine;
            };
            mine.push((i, each(element)));
        }
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|s| {
        let handles: Vec<_> = (0..threads).map(|_| s.spawn(worker)).collect();
        handles
            .into_iter()
            .filter_map(|h| h.join().ok())
            .flatten()
            .collect()
    });
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, r)| r).collect()
}
