//! What others need for the same models: measured once, with QEMU 7.2 and gcc 12.2,
//! on TensorFlow Lite Micro at commit 90b983c2b.

/// A peer's figures.
pub struct Peer {
    /// The model.
    pub model: &'static str,
    /// Cortex-M4, TensorFlow Lite Micro with CMSIS-NN.
    pub cmsis_nn: u64,
    /// RV32IMC, TensorFlow Lite Micro with its reference kernels.
    pub riscv_reference: u64,
    /// What we want on the Cortex-M4.
    pub arm_goal: u64,
    /// What we want on RV32IMC.
    pub riscv_goal: u64,
    /// Arena, with CMSIS-NN.
    pub arena_bytes: u64,
    /// Code and constants, with CMSIS-NN, without the model.
    pub code_bytes: u64,
}

/// The MLPerf Tiny models.
pub static PEERS: [Peer; 4] = [
    Peer {
        model: "kws",
        cmsis_nn: 7_697_917,
        riscv_reference: 45_606_600,
        arm_goal: 5_390_000,
        riscv_goal: 10_000_000,
        arena_bytes: 22_820,
        code_bytes: 53_100,
    },
    Peer {
        model: "vww",
        cmsis_nn: 24_101_937,
        riscv_reference: 114_085_401,
        arm_goal: 16_900_000,
        riscv_goal: 25_100_000,
        arena_bytes: 100_708,
        code_bytes: 53_100,
    },
    Peer {
        model: "ic",
        cmsis_nn: 29_861_622,
        riscv_reference: 127_072_848,
        arm_goal: 20_900_000,
        riscv_goal: 28_000_000,
        arena_bytes: 54_996,
        code_bytes: 50_872,
    },
    Peer {
        model: "ad",
        cmsis_nn: 582_925,
        riscv_reference: 2_509_740,
        arm_goal: 408_000,
        riscv_goal: 552_000,
        arena_bytes: 2_580,
        code_bytes: 27_924,
    },
];

/// A model's peer figures, if there are any.
pub fn of(model: &str) -> Option<&'static Peer> {
    PEERS.iter().find(|peer| peer.model == model)
}
