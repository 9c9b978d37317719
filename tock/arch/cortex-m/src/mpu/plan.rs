//! The fixed regions that bind the kernel itself.

use super::cover::Eighths;
use super::region::Region;
use super::unit::{FIRST_USER_REGION, USER_REGIONS};
use isolation::{KernelRule, PlanError};

/// Regions that the MPU has (Cortex-M3, M4).
pub const REGIONS: usize = 8;
const FIRST_HIGH_REGION: usize = FIRST_USER_REGION + USER_REGIONS;

/// Lays out the kernel's rules: `high` outrank every process's region, `low` are
/// outranked by them. Regions of processes are left off. All are numbered.
pub fn plan(high: &[KernelRule], low: &[KernelRule]) -> Result<[Region; REGIONS], PlanError> {
    let mut regions = [Region::OFF; REGIONS];
    let (before, rest) = regions.split_at_mut(FIRST_USER_REGION);
    place(low, before)?;
    place(high, &mut rest[FIRST_HIGH_REGION - FIRST_USER_REGION..])?;
    Ok(core::array::from_fn(|number| {
        regions[number].numbered(number)
    }))
}

fn place(rules: &[KernelRule], regions: &mut [Region]) -> Result<(), PlanError> {
    if rules.len() > regions.len() {
        return Err(PlanError::TooManyRules);
    }
    for (rule, region) in rules.iter().zip(regions) {
        *region = Eighths::tightest(rule.span, rule.span.end())
            .and_then(|eighths| eighths.privileged(rule.access))
            .ok_or(PlanError::Inexact)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mpu::model::{Model, Privilege::*};
    use isolation::testing::Operation::*;
    use isolation::Access;

    fn board() -> [Region; REGIONS] {
        plan(
            &[
                KernelRule::new((0, 256 << 10), Access::ReadExecute),
                KernelRule::new((0x2000_0000, 28 << 10), Access::ReadWrite),
            ],
            &[
                KernelRule::new((0, 1 << 20), Access::ReadOnly),
                KernelRule::new((0x2000_0000, 256 << 10), Access::ReadWrite),
                KernelRule::new((0x4000_2000, 0x3000), Access::ReadWrite),
            ],
        )
        .unwrap()
    }

    #[test]
    fn the_kernel_has_what_it_needs_and_no_more() {
        let model = Model::new(board());
        let allowed = |address, operation| model.allows(Privileged, address, operation);
        assert!(allowed(0, Execute) && allowed(0x3_fffc, Read));
        assert!(!allowed(0, Write) && !allowed(0x4_0000, Execute));
        assert!(allowed(0xf_fffc, Read) && !allowed(0xf_fffc, Write));
        for kernel_or_process in [0x2000_0000, 0x2000_6ffc, 0x2000_7000, 0x2003_fffc] {
            assert!(allowed(kernel_or_process, Read) && allowed(kernel_or_process, Write));
            assert!(!allowed(kernel_or_process, Execute));
        }
        assert!(allowed(0x4000_2000, Write) && allowed(0x4000_4ffc, Read));
        for outside in [
            0x10_0000,
            0x1fff_fffc,
            0x2004_0000,
            0x4000_1ffc,
            0x4000_5000,
        ] {
            assert!(!allowed(outside, Read) && !allowed(outside, Write));
        }
    }

    #[test]
    fn user_mode_has_nothing_before_a_process_runs() {
        let model = Model::new(board());
        for address in [0, 0x4_0000, 0x2000_0000, 0x2000_7000, 0x4000_4000] {
            for operation in [Read, Write, Execute] {
                assert!(!model.allows(User, address, operation));
            }
        }
    }

    #[test]
    fn rules_that_do_not_fit_are_refused() {
        let rule = KernelRule::new((0x1000, 0x1000), Access::ReadOnly);
        assert_eq!(plan(&[rule; 3], &[]), Err(PlanError::TooManyRules));
        assert_eq!(plan(&[], &[rule; 4]), Err(PlanError::TooManyRules));
        for part in [(0x1010, 0x1000), (0x1000, 0x1010), (0x2000_0000, 25 << 10)] {
            let rule = KernelRule::new(part, Access::ReadOnly);
            assert_eq!(plan(&[rule], &[]), Err(PlanError::Inexact));
        }
        let rule = KernelRule::new((0x1000, 0x1000), Access::ExecuteOnly);
        assert_eq!(plan(&[rule], &[]), Err(PlanError::Inexact));
    }
}
