//! Many files looked at by several threads. Not here: what is looked for.

use std::sync::{Mutex, PoisonError};

use crate::error::Error;

/// Files that a thread takes at a time.
const SHARE: usize = 32;

/// What `look` makes of each, in their order; of errors the first.
pub(super) fn each<T: Sync, R: Send>(jobs: usize, items: &[T], look: impl Fn(&T) -> Result<R, Error> + Sync) -> Result<Vec<R>, Error> {
    let shares = Mutex::new(items.chunks(SHARE).enumerate());
    let take = || shares.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        let mut looked: Vec<(usize, Result<Vec<R>, Error>)> = Vec::new();
        while let Some((index, share)) = take() {
            looked.push((index, share.iter().map(&look).collect()));
        }
        looked
    };
    let threads = jobs.min(items.len().div_ceil(SHARE)).max(1);
    let mut looked = std::thread::scope(|scope| {
        let running: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut looked = work();
        for thread in running {
            looked.extend(thread.join().map_err(|_| Error::Internal("a thread that looked at files stopped".to_owned()))?);
        }
        Ok(looked)
    })?;
    looked.sort_by_key(|(index, _)| *index);
    let mut all = Vec::with_capacity(items.len());
    for (_, share) in looked {
        all.extend(share?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odd_fails(number: &u64) -> Result<u64, Error> {
        if number % 200 == 199 { Err(Error::Internal(number.to_string())) } else { Ok(number.wrapping_mul(2)) }
    }

    #[test]
    fn the_order_does_not_depend_on_the_threads() {
        let numbers: Vec<u64> = (0..199).collect();
        for jobs in [0, 1, 2, 16] {
            assert_eq!(each(jobs, &numbers, odd_fails).unwrap(), numbers.iter().map(|number| number.wrapping_mul(2)).collect::<Vec<_>>());
            assert_eq!(each(jobs, &[], odd_fails).unwrap(), Vec::<u64>::new());
        }
    }

    #[test]
    fn the_first_error_counts() {
        let numbers: Vec<u64> = (0..1_000).collect();
        for jobs in [1, 2, 16] {
            assert_eq!(each(jobs, &numbers, odd_fails).unwrap_err().to_string(), Error::Internal("199".to_owned()).to_string());
        }
    }
}
