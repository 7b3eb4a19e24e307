//! Jobs on several threads.

use datafusion::common::{DataFusionError, Result};
use std::sync::{Mutex, PoisonError};

/// Does every job, as many at once as there may be threads, and gives the results in the order of the jobs.
pub(super) fn at_once<J: Send, T: Send>(
    threads: usize,
    jobs: Vec<J>,
    run: impl Fn(J) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let threads = threads.min(jobs.len());
    if threads <= 1 {
        return jobs.into_iter().map(run).collect();
    }
    let mut done: Vec<Option<Result<T>>> = jobs.iter().map(|_| None).collect();
    let queue = Mutex::new(jobs.into_iter().zip(done.iter_mut()));
    let work = || {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            match next {
                Some((job, place)) => *place = Some(run(job)),
                None => break,
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    drop(queue);
    done.into_iter()
        .map(|r| r.unwrap_or_else(|| Err(DataFusionError::Internal("a job was lost".to_owned()))))
        .collect()
}
