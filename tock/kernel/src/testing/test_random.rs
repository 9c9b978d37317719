//! A process that makes any system call with any argument.

use super::chip::Step;
use super::processes::yield_no_wait;
use super::tbf::tbf;
use super::world::World;
use crate::syscall::Syscall;
use crate::utilities::arch_helpers::syscall_from_register_arguments_trd104;

/// Xorshift: the same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 as usize
    }

    fn of(&mut self, values: &[usize]) -> usize {
        values[self.next() % values.len()]
    }
}

/// A call with arguments from where bounds are checked.
fn call(world: &World, numbers: &mut Numbers) -> Syscall {
    let at = world.process(0).get_addresses();
    let near = numbers.next() % 64;
    let values = [
        0,
        1,
        2,
        near,
        usize::MAX,
        usize::MAX - near,
        super::board::DRIVER,
        super::board::DRIVER,
        super::board::BARE_DRIVER,
        at.sram_start + near,
        at.sram_start.wrapping_sub(near),
        at.sram_app_brk - near,
        at.sram_app_brk + near,
        at.sram_grant_start - near,
        at.sram_grant_start + near,
        at.sram_end - near,
        at.flash_start + near,
        at.flash_non_protected_start + near,
        at.flash_end - near,
    ];
    let class = (numbers.next() % 8) as u8;
    let [a, b, c, d] = [(); 4].map(|()| numbers.of(&values));
    // The driver's own restart command is tested elsewhere.
    let b = if class == 2 { b % 3 } else { b };
    syscall_from_register_arguments_trd104(class, a, b.into(), c.into(), d.into()).unwrap()
}

#[test]
fn nothing_that_a_process_asks_for_upsets_the_kernel() {
    let world = World::boot(&[tbf("any"), tbf("other")]);
    world.run();
    let other = world.process(1).get_addresses();
    let neighbour = world.memory(1);
    neighbour.iter().for_each(|byte| byte.set(0x77));
    let mut numbers = Numbers(0x1234_5678_9ABC_DEF1);
    let mut served = 0;
    for round in 0..20_000 {
        let step = Step::Call(call(&world, &mut numbers));
        let process = world.process(0);
        world.wake(0);
        if !process.ready() {
            // It ended, or waits for something that will not come.
            process.try_restart(None);
        }
        world.script(0, [step, Step::Call(yield_no_wait(0))]);
        world.run();
        let at = process.get_addresses();
        assert!(
            at.sram_start <= at.sram_app_brk
                && at.sram_app_brk <= at.sram_grant_start
                && at.sram_grant_start < at.sram_end,
            "round {round}"
        );
        served += world
            .chip
            .boundary
            .records
            .borrow_mut()
            .drain()
            .map(|(_, record)| record.results.len())
            .sum::<usize>();
    }
    assert!(served > 10_000, "most calls return: {served}");
    assert!(world.process(0).get_restart_count() > 100);
    assert_eq!(world.process(1).get_addresses(), other);
    assert!(neighbour.iter().all(|byte| byte.get() == 0x77));
}
