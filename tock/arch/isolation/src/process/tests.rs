//! Planning, with a unit whose regions are of any length in steps of 16 bytes.

use super::*;

const FLASH: usize = 0x4_0000;
const RAM: usize = 0x2000_7000;
const STEP: usize = 16;

#[derive(Clone, Copy)]
struct Plain(Span, Access);

impl Cover for Plain {
    fn tightest(wanted: Span, limit: usize, access: Access) -> Option<Self> {
        let end = wanted.end().checked_next_multiple_of(STEP)?;
        (wanted.start().is_multiple_of(STEP) && end <= limit)
            .then_some(Plain(Span::between(wanted.start(), end)?, access))
    }

    fn place(available: Span, length: impl Fn(usize) -> Option<usize>) -> Option<Span> {
        let start = available.start().checked_next_multiple_of(STEP)?;
        Span::new(start, length(STEP)?).filter(|place| available.contains(*place))
    }

    fn span(&self) -> Span {
        self.0
    }

    fn access(&self) -> Access {
        self.1
    }
}

type Regions = ProcessRegions<Plain, Plain, 2>;

fn span(start: usize, length: usize) -> Span {
    Span::new(start, length).unwrap()
}

fn limits() -> UserMemory {
    UserMemory {
        flash: span(FLASH, 0xc_0000),
        ram: span(RAM, 0x3_9000),
    }
}

const NEED: Need = Need {
    total: 0x4000,
    accessible: 0x1000,
    reserved: 0x800,
};

fn loaded() -> Regions {
    let mut regions = Regions::empty();
    regions
        .add(span(FLASH, 0x1000), 0x1000, Access::ReadExecute, &limits())
        .unwrap();
    regions
        .add_memory(limits().ram, NEED, Access::ReadWrite, &limits())
        .unwrap();
    regions
}

fn accessible(regions: &Regions) -> Option<Span> {
    regions.memory().map(Cover::span)
}

#[test]
fn nothing_outside_user_memory_is_ever_covered() {
    let mut regions = Regions::empty();
    for (start, length, access) in [
        (RAM - 0x1000, 0x2000, Access::ReadWrite),
        (RAM - 0x1000, 0x1000, Access::ReadOnly),
        (0, 0x1000, Access::ReadOnly),
        (FLASH - STEP, 2 * STEP, Access::ReadExecute),
        (0x4000_0000, 0x1000, Access::ReadWrite),
    ] {
        let asked = span(start, length);
        assert_eq!(regions.add(asked, length, access, &limits()), None);
        let memory = regions.add_memory(asked, NEED, access, &limits());
        assert_eq!(memory, None);
    }
    assert!(regions.memory().is_none() && regions.others().iter().all(Option::is_none));
}

#[test]
fn flash_is_never_writable_and_memory_never_executable() {
    let mut regions = Regions::empty();
    let (flash, ram) = (span(FLASH, 64), span(RAM, 64));
    assert_eq!(regions.add(flash, 64, Access::ReadWrite, &limits()), None);
    assert_eq!(regions.add(ram, 64, Access::ReadExecute, &limits()), None);
    assert_eq!(regions.add(ram, 64, Access::ExecuteOnly, &limits()), None);
}

#[test]
fn regions_do_not_overlap_and_run_out() {
    let mut regions = loaded();
    // In the block, whether the process can reach it already or not.
    for start in [RAM, RAM + 0xff0, RAM + 0x2000, RAM + 0x3ff0] {
        let inside = span(start, STEP);
        assert_eq!(regions.add(inside, STEP, Access::ReadOnly, &limits()), None);
    }
    let second = span(FLASH + 0x2000, 64);
    let added = regions.add(second, 64, Access::ReadOnly, &limits());
    assert_eq!(added, Some(second));
    let third = span(FLASH + 0x3000, 64);
    assert_eq!(regions.add(third, 64, Access::ReadOnly, &limits()), None);
    assert_eq!(regions.remove(second), Ok(()));
    assert!(regions
        .add(third, 64, Access::ReadOnly, &limits())
        .is_some());
}

#[test]
fn memory_keeps_clear_of_other_regions() {
    let mut regions = Regions::empty();
    let shared = span(RAM + 0x3000, STEP);
    assert!(regions
        .add(shared, STEP, Access::ReadOnly, &limits())
        .is_some());
    let all = regions.add_memory(limits().ram, NEED, Access::ReadWrite, &limits());
    assert_eq!(all, None);
}

#[test]
fn lengths_that_overflow_are_refused() {
    let mut regions = Regions::empty();
    let flash = span(FLASH, 64);
    for length in [usize::MAX, usize::MAX - 8, 0] {
        assert_eq!(
            regions.add(flash, length, Access::ReadOnly, &limits()),
            None
        );
    }
    for (total, accessible, reserved) in [
        (8, usize::MAX - 8, usize::MAX),
        (8, 8, usize::MAX),
        (usize::MAX, 8, 8),
    ] {
        let need = Need {
            total,
            accessible,
            reserved,
        };
        assert_eq!(
            regions.add_memory(limits().ram, need, Access::ReadWrite, &limits()),
            None
        );
    }
}

#[test]
fn the_break_stays_below_the_kernels_part() {
    let mut regions = loaded();
    assert_eq!(accessible(&regions), Some(span(RAM, 0x1000)));
    let kernel = RAM + 0x3800;
    let mut to = |end| regions.move_break(end, kernel, Access::ReadWrite, &limits());
    assert_eq!(to(kernel), Ok(()));
    assert_eq!(to(kernel + 1), Err(()));
    assert_eq!(to(RAM - 1), Err(()));
    assert_eq!(to(usize::MAX), Err(()));
    assert_eq!(accessible(&regions), Some(span(RAM, 0x3800)));
    assert_eq!(
        regions.move_break(kernel, kernel, Access::ReadExecute, &limits()),
        Err(())
    );
    let end_of_block = RAM + 0x4000;
    assert_eq!(
        regions.move_break(end_of_block + 1, usize::MAX, Access::ReadWrite, &limits()),
        Err(())
    );
}

#[test]
fn a_break_at_the_start_leaves_nothing() {
    let mut regions = loaded();
    let result = regions.move_break(RAM, RAM + 0x3800, Access::ReadWrite, &limits());
    assert_eq!((result, accessible(&regions)), (Ok(()), None));
    let back = regions.move_break(RAM + 1, RAM + 0x3800, Access::ReadWrite, &limits());
    assert_eq!(back, Ok(()));
    assert_eq!(accessible(&regions), Some(span(RAM, STEP)));
}

#[test]
fn memory_is_allocated_once_and_never_removed() {
    let mut regions = loaded();
    assert_eq!(
        regions.add_memory(limits().ram, NEED, Access::ReadWrite, &limits()),
        None
    );
    assert_eq!(regions.remove(span(RAM, 0x1000)), Err(()));
    assert_eq!(regions.remove(span(FLASH, 0x1000)), Ok(()));
    assert_eq!(regions.remove(span(FLASH, 0x1000)), Err(()));
}

#[test]
fn a_block_has_room_for_everybody() {
    for (need, length) in [
        (NEED, 0x4000),
        (
            Need {
                total: 0x100,
                accessible: 0x101,
                reserved: 0x40,
            },
            0x150,
        ),
        (
            Need {
                total: 0x100,
                accessible: 0,
                reserved: 0x40,
            },
            0x100,
        ),
    ] {
        let mut regions = Regions::empty();
        let block = regions.add_memory(limits().ram, need, Access::ReadWrite, &limits());
        assert_eq!(block, Some(span(RAM, length)));
    }
}
