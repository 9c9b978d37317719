//! Arena planning: where each tensor lies, so that tensors that live at the same
//! time lie apart and the whole is small.

/// Offsets are multiples of this, so that kernels may read whole words.
const ALIGNMENT: u32 = 4;

/// An area that some steps need.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Its length; nothing is reserved for an empty one.
    pub length: u32,
    /// First step that needs it.
    pub first: usize,
    /// Last step that needs it.
    pub last: usize,
}

/// Attempts at a smaller arena.
const ROUNDS: usize = 256;

/// An offset for every request, and the arena's length; nothing where 32 bits do
/// not hold it.
///
/// Greedy: the largest first, each at the lowest offset that is free throughout
/// its life. As long as that takes more than what lives at one time, whatever
/// reaches the top goes first in the next round; the best round counts.
pub fn place(requests: &[Request]) -> Option<(Vec<u32>, u32)> {
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(requests[*index].length), *index));
    let mut best = in_order(requests, &order)?;
    let mut found = best.clone();
    for _ in 0..ROUNDS {
        if best.1 <= least(requests) {
            break;
        }
        let (offsets, total) = &found;
        let top = |index: &usize| {
            let end = offsets[*index] + requests[*index].length;
            requests[*index].length > 0 && end.next_multiple_of(ALIGNMENT) == *total
        };
        let top = order.iter().rposition(top)?;
        order[..=top].rotate_right(1);
        found = in_order(requests, &order)?;
        if found.1 < best.1 {
            best = found.clone();
        }
    }
    Some(best)
}

/// What lives at one time, at most.
fn least(requests: &[Request]) -> u32 {
    let live = |step: usize| {
        let live = requests.iter();
        let live = live.filter(move |request| request.first <= step && step <= request.last);
        live.fold(0u32, |sum, request| sum.saturating_add(request.length))
    };
    requests
        .iter()
        .map(|request| live(request.first))
        .max()
        .unwrap_or(0)
}

/// Places requests one after the other, each at the lowest offset that is free.
fn in_order(requests: &[Request], order: &[usize]) -> Option<(Vec<u32>, u32)> {
    let mut offsets = vec![0; requests.len()];
    let mut placed: Vec<(u32, u32, usize)> = Vec::new();
    let mut total = 0;
    for &index in order {
        let request = requests[index];
        if request.length == 0 {
            continue;
        }
        let mut offset = 0u32;
        for &(start, end, other) in &placed {
            let other = requests[other];
            let apart = other.last < request.first || request.last < other.first;
            if apart || end <= offset {
                continue;
            }
            if offset.checked_add(request.length)? <= start {
                break;
            }
            offset = end.checked_next_multiple_of(ALIGNMENT)?;
        }
        let end = offset.checked_add(request.length)?;
        offsets[index] = offset;
        total = total.max(end.checked_next_multiple_of(ALIGNMENT)?);
        placed.push((offset, end, index));
        placed.sort_unstable();
    }
    Some((offsets, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(length: u32, first: usize, last: usize) -> Request {
        Request {
            length,
            first,
            last,
        }
    }

    #[test]
    fn shares_what_never_meets() {
        let requests = [request(100, 0, 1), request(50, 1, 2), request(100, 2, 3)];
        let (offsets, total) = place(&requests).unwrap();
        assert_eq!(offsets, [0, 100, 0]);
        assert_eq!(total, 152);
    }

    #[test]
    fn fills_gaps() {
        let requests = [
            request(40, 0, 0),
            request(40, 0, 1),
            request(39, 0, 2),
            request(10, 1, 2),
        ];
        let (offsets, total) = place(&requests).unwrap();
        assert_eq!(offsets, [0, 40, 80, 0]);
        assert_eq!(total, 120);
    }

    #[test]
    fn improves_on_the_largest_first() {
        // An image, then layers of 20, 20 and 36: largest first takes 68.
        let requests = [
            request(28, 0, 0),
            request(20, 0, 1),
            request(20, 1, 2),
            request(36, 2, 3),
        ];
        assert_eq!(place(&requests).unwrap().1, 56);
    }

    #[test]
    fn refuses_what_does_not_fit_32_bits() {
        assert!(place(&[request(u32::MAX, 0, 1), request(8, 0, 1)]).is_none());
    }

    #[test]
    fn random_plans_never_overlap() {
        let mut state = 1u32;
        let mut random = |limit: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % limit
        };
        for _ in 0..200 {
            let requests: Vec<Request> = (0..20)
                .map(|_| {
                    let first = random(10) as usize;
                    request(random(1000), first, first + random(4) as usize)
                })
                .collect();
            let (offsets, total) = place(&requests).unwrap();
            for (index, one) in requests.iter().enumerate() {
                assert!(offsets[index] + one.length <= total);
                for (other, two) in requests.iter().enumerate().take(index) {
                    let meet = one.first <= two.last && two.first <= one.last;
                    let share = offsets[index] < offsets[other] + two.length
                        && offsets[other] < offsets[index] + one.length;
                    let empty = one.length == 0 || two.length == 0;
                    assert!(!(meet && share) || empty);
                }
            }
        }
    }
}
