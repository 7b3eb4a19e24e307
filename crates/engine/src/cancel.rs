//! Ending a run from elsewhere.

use std::sync::Arc;
use tokio::sync::watch;

/// Ends the runs of a session from another thread: give a clone to [`Session::with_cancel`](crate::Session::with_cancel) and
/// keep one.
#[derive(Debug, Clone)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Cancel(Arc::new(watch::Sender::new(false)))
    }
}

impl Cancel {
    /// Runs end with an error of code `CANCELLED` as soon as their operators let go, usually within milliseconds.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was told to end them.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits for that.
    pub(crate) async fn cancelled(&self) {
        // The sender lives as long as this does.
        let _ = self.0.subscribe().wait_for(|c| *c).await;
    }
}
