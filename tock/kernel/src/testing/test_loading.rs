//! Tests of what becomes a process and what does not.

use std::vec::Vec;

use super::tbf::{tbf, Tbf, RAM};
use super::world::{World, SLOTS};
use crate::process::State;

fn names(world: &World) -> Vec<&'static str> {
    let processes = world.kernel.process_iter();
    processes
        .map(|process| process.get_process_name())
        .collect()
}

#[test]
fn data_disabled_and_damaged_binaries_are_skipped() {
    let world = World::boot(&[
        Tbf {
            program: false,
            flags: 0,
            ..tbf("model")
        },
        Tbf {
            program: false,
            flags: 1,
            ..tbf("enabled-data")
        },
        Tbf {
            flags: 0,
            ..tbf("disabled")
        },
        Tbf {
            damage: true,
            ..tbf("damaged")
        },
        tbf("app"),
        Tbf {
            kernel_version: None,
            ..tbf("any-kernel")
        },
        Tbf {
            kernel_version: Some((3, 0)),
            ..tbf("later")
        },
        Tbf {
            kernel_version: Some((2, 4)),
            ..tbf("newer")
        },
        tbf("last"),
    ]);
    assert_eq!(names(&world), ["app", "last"]);
    let log = world.log.0.borrow();
    for reason in [
        "checksum",
        "does not name a kernel",
        "needs kernel 3.0",
        "needs kernel 2.4",
    ] {
        assert!(log.contains(reason), "{reason}: {log}");
    }
    assert!(!log.contains("model"), "data is no reason to complain");
}

#[test]
fn processes_start_in_clean_disjoint_memory() {
    let world = World::boot(&[tbf("a"), tbf("b")]);
    let [a, b] = [0, 1].map(|slot| world.process(slot).get_addresses());
    assert!(a.sram_end <= b.sram_start);
    assert!(a.sram_grant_start - a.sram_start >= RAM as usize);
    for slot in 0..2 {
        assert!(world.memory(slot).iter().all(|byte| byte.get() == 0));
        assert_eq!(world.process(slot).get_state(), State::Yielded);
    }
    assert_ne!(world.process(0).processid(), world.process(1).processid());
}

#[test]
fn erased_flash_ends_the_list() {
    let mut flash = tbf("first").bytes();
    flash.extend([0xFF; 64]);
    flash.extend(tbf("beyond").bytes());
    let world = World::boot_flash(flash, 16 * 1024);
    assert_eq!(names(&world), ["first"]);
}

#[test]
fn a_binary_longer_than_the_flash_ends_the_list() {
    let mut flash = tbf("whole").bytes();
    flash.extend(&tbf("cut").bytes()[..512]);
    let world = World::boot_flash(flash, 16 * 1024);
    assert_eq!(names(&world), ["whole"]);
    drop(world);
    assert_eq!(World::boot_flash_names(Vec::new()), 0);
    assert_eq!(World::boot_flash_names([2, 0, 16].into()), 0);
}

impl World {
    fn boot_flash_names(flash: Vec<u8>) -> usize {
        World::boot_flash(flash, 1024).count()
    }
}

#[test]
fn there_are_limits() {
    let world = World::boot(&[tbf("a"), tbf("b"), tbf("c"), tbf("d")]);
    assert_eq!(world.count(), SLOTS);
    assert!(world.log.0.borrow().contains("process d at"));
    assert!(world.log.0.borrow().contains("no room for another process"));
    drop(world);

    let mut flash = tbf("large").bytes();
    flash.extend(tbf("larger").bytes());
    let world = World::boot_flash(flash, 4096);
    assert_eq!(names(&world), ["large"]);
    assert!(world.log.0.borrow().contains("not enough memory"));
}

#[test]
fn ram_at_an_address_that_is_not_ours_is_refused() {
    let world = World::boot(&[
        Tbf {
            fixed_ram: Some(0x1000),
            ..tbf("elsewhere")
        },
        tbf("anywhere"),
    ]);
    assert_eq!(names(&world), ["anywhere"]);
    let log = world.log.0.borrow();
    assert!(log.contains("built for 0x1000"), "{log}");
}
