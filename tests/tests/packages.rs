//! P2 and design 11, package: whatever is wrong with a package, the device says what,
//! and goes on with the model that it had.

use anchorhold_evidence::SelfTest;
use end_to_end::board::{Board, Running, Setup};
use end_to_end::model::{condition_monitor, Model, Sealed};
use end_to_end::packages::{append, exchange_first_tile, forge, replace, Parts};
use end_to_end::people::{device, other_publisher};
use end_to_end::recordings::demonstration;
use end_to_end::target::Target;

end_to_end::on_every_board! {
    each_fault_has_its_own_refusal,
    a_package_cut_anywhere_is_refused,
    a_changed_byte_anywhere_is_refused,
    the_version_floor_survives_a_reset,
    a_copy_on_another_device_does_not_open,
}

/// Versions of the model in use, and of those that should replace it.
const USED: u64 = 5;
const NEXT: u64 = 6;
/// As many packages behind one another as the kernel's log has room for.
const PACKAGES: usize = 8;

fn used(target: &'static Target) -> Sealed {
    condition_monitor()
        .version(USED)
        .sealed(&[&device(target, "packages")])
}

fn next(target: &'static Target) -> (Model, Sealed) {
    let model = condition_monitor().version(NEXT);
    let sealed = model.sealed(&[&device(target, "packages")]);
    (model, sealed)
}

/// A board that uses version [`USED`], with `packages` behind it, and their addresses.
fn board_with(target: &'static Target, name: &str, packages: &[Vec<u8>]) -> (Board, Vec<u32>) {
    let board = Setup::new(name, &device(target, "packages"))
        .usual_applications()
        .model(&used(target))
        .senses(demonstration(&["normal"]))
        .install();
    let mut flash = board.flash();
    let addresses = append(target, &mut flash, packages);
    board.set_flash(&flash);
    (board, addresses)
}

/// What the log says after the address of a refused package.
fn refusal(running: &mut Running, address: u32) -> String {
    let start = format!("vault: refused package at {address:#x}: ");
    let line = running.line(&start);
    line.strip_prefix(&start).unwrap_or(&line).to_owned()
}

/// The status at the end of a refusal.
fn status(refusal: &str) -> u8 {
    let (_, status) = refusal.rsplit_once("(status ").expect("a status");
    status.trim_end_matches(')').parse().expect("a number")
}

/// The model in use answers, and is what it was.
fn answers_as_before(target: &'static Target, running: &mut Running) {
    let answer = running.ask();
    assert_eq!(answer.claims().model.unwrap(), used(target).identity());
    assert_eq!(answer.claims().self_test, SelfTest::Passed);
    assert_eq!(answer.label(), 0);
}

fn each_fault_has_its_own_refusal(target: &'static Target) {
    let device = device(target, "packages");
    let (model, sealed) = next(target);
    let good = sealed.package();
    let parts = Parts::of(&good);
    let plan = model.plan().bytes;
    let changed = |offset: usize, value: u8| {
        let mut package = good.clone();
        package[offset] = value;
        package
    };
    let flipped = |offset: usize| changed(offset, !good[offset]);
    let longer = {
        let mut package = [&good[..], &[0; 16]].concat();
        let length = (package.len() as u32).to_le_bytes();
        package[12..16].copy_from_slice(&length);
        package
    };
    let another_plan = {
        let package = forge(&sealed, &plan, &device, |_| {});
        let mut tile = plan[..parts.tile - 16].to_vec();
        tile[100] ^= 1;
        exchange_first_tile(&package, &tile)
    };
    let other = end_to_end::people::device(target, "packages-other");
    let of_version = |version| condition_monitor().version(version);
    let cases: [(Vec<u8>, &str); 15] = [
        (
            good[..good.len() - 100].to_vec(),
            "the package is truncated (status 1)",
        ),
        (longer, "the package is longer than its parts (status 2)"),
        (changed(10, 1), "the header is invalid (status 3)"),
        (changed(8, 2), "unknown format version (status 4)"),
        (
            flipped(parts.manifest),
            "the manifest is malformed (status 5)",
        ),
        (
            model.sealed_by(&other_publisher(), &[&device]).package(),
            "signed by another publisher than the trusted one (status 6)",
        ),
        (
            flipped(parts.tickets - 1),
            "the publisher's signature does not verify (status 7)",
        ),
        (
            model.sealed(&[&other]).package(),
            "no ticket for this device (status 8)",
        ),
        (
            flipped(parts.padding - 1),
            "the ticket for this device does not open (status 9)",
        ),
        (
            of_version(USED - 1).sealed(&[&device]).package(),
            "older than a version accepted before (status 10)",
        ),
        (
            flipped(parts.tiles + 2 * parts.tile),
            "tile 2 does not authenticate (status 11)",
        ),
        (
            another_plan,
            "the plan is not the one that was signed (status 12)",
        ),
        (
            forge(&sealed, &plan, &device, |manifest| {
                manifest.needs.arena_bytes = 1 << 20
            }),
            "the model needs more RAM than the board has (status 13)",
        ),
        (
            forge(&sealed, &plan, &device, |manifest| {
                manifest.needs.engine_abi += 1
            }),
            "compiled for another engine (status 14)",
        ),
        (
            forge(&sealed, &plan, &device, |manifest| manifest.version = USED),
            "differs from a package with the same version (status 15)",
        ),
    ];
    for (part, cases) in cases.chunks(PACKAGES).enumerate() {
        let packages: Vec<_> = cases.iter().map(|(package, _)| package.clone()).collect();
        let (board, addresses) = board_with(target, &format!("packages-faults-{part}"), &packages);
        let mut running = board.boot().ready();
        for ((_, expected), address) in cases.iter().zip(addresses) {
            assert_eq!(refusal(&mut running, address), *expected);
        }
        answers_as_before(target, &mut running);
    }
}

fn a_package_cut_anywhere_is_refused(target: &'static Target) {
    let good = next(target).1.package();
    let lengths = (1..=50).map(|part| good.len() * part / 51);
    let packages: Vec<_> = lengths.map(|length| good[..length].to_vec()).collect();
    for (part, packages) in packages.chunks(PACKAGES).enumerate() {
        let (board, addresses) = board_with(target, &format!("packages-cut-{part}"), packages);
        let mut running = board.boot().ready();
        for address in addresses {
            let refusal = refusal(&mut running, address);
            assert_eq!(refusal, "the package is truncated (status 1)");
        }
        answers_as_before(target, &mut running);
    }
}

/// The statuses that a changed byte at `offset` may lead to.
fn possible(offset: usize, parts: &Parts) -> &'static [u8] {
    if offset < parts.manifest {
        // Of a manifest that is longer by the padding, the envelope is malformed.
        &[1, 2, 3, 4, 5]
    } else if offset < parts.tickets {
        &[5, 6, 7]
    } else if offset < parts.padding {
        &[8, 9]
    } else if offset < parts.tiles {
        &[3]
    } else {
        &[11]
    }
}

fn a_changed_byte_anywhere_is_refused(target: &'static Target) {
    const CHANGES: usize = 200;
    let good = next(target).1.package();
    let parts = Parts::of(&good);
    // A package that lost its magic is no package; nothing is said of it.
    let magic = 8;
    let spread = |change: usize| magic + (good.len() - magic) * change / CHANGES;
    let offsets: Vec<_> = (0..CHANGES).map(spread).collect();
    for (part, offsets) in offsets.chunks(PACKAGES).enumerate() {
        let changed = |offset: &usize| {
            let mut package = good.clone();
            package[*offset] ^= 1 << (offset % 8);
            package
        };
        let packages: Vec<_> = offsets.iter().map(changed).collect();
        let (board, addresses) = board_with(target, &format!("packages-changed-{part}"), &packages);
        let mut running = board.boot().ready();
        for (offset, address) in offsets.iter().zip(addresses) {
            let refusal = refusal(&mut running, address);
            assert!(
                possible(*offset, &parts).contains(&status(&refusal)),
                "byte {offset}: {refusal}"
            );
            if let Some(offset) = offset.checked_sub(parts.tiles) {
                let tile = offset / parts.tile;
                assert_eq!(
                    refusal,
                    format!("tile {tile} does not authenticate (status 11)")
                );
            }
        }
        answers_as_before(target, &mut running);
    }
}

// A6: an older version, validly signed, in the place of the newer one.
fn the_version_floor_survives_a_reset(target: &'static Target) {
    let device = device(target, "packages");
    let (_, newer) = next(target);
    let older = used(target);
    let board = Setup::new("packages-floor", &device)
        .usual_applications()
        .model(&newer)
        .senses(demonstration(&["normal"]))
        .install();
    let mut running = board.boot().ready();
    assert_eq!(running.ask().claims().model.unwrap().version, NEXT);
    drop(running);

    let with_newer = board.flash();
    let mut with_older = with_newer.clone();
    replace(target, &mut with_older, &older.package());
    board.set_flash(&with_older);
    let mut running = board.boot().ready();
    assert_eq!(running.refusal(), "NODEVICE");
    assert_eq!(
        refusal(&mut running, target.model_slot()),
        "older than a version accepted before (status 10)"
    );
    drop(running);

    board.set_flash(&with_newer);
    let mut running = board.boot().ready();
    assert_eq!(running.ask().claims().model.unwrap().version, NEXT);
}

// A3: flash that was read out and written to another device of the same model.
fn a_copy_on_another_device_does_not_open(target: &'static Target) {
    let copy = end_to_end::people::device(target, "packages-other");
    let board = Setup::new("packages-copy", &copy)
        .usual_applications()
        .model(&used(target))
        .senses(demonstration(&["normal"]))
        .install();
    let mut running = board.boot().ready();
    assert_eq!(running.refusal(), "NODEVICE");
    assert_eq!(
        refusal(&mut running, target.model_slot()),
        "no ticket for this device (status 8)"
    );
}
