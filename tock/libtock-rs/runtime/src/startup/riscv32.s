# The entry point of a process on RISC-V: the first instructions it executes.
#
# The kernel's arguments (a0: start of the code, a1: start of RAM, a2: size of
# RAM, a3: break) are not needed, because the process is linked for its place;
# what has to be checked is that it is there.
#
# Registers of a system call (TRD 104): a0 to a3 arguments and results, a4 class.

    .section .start, "ax"
    .globl start
start:
    # Where this runs, against where it was linked to run.
    lla     t0, start
    lui     t1, %hi(start)
    addi    t1, t1, %lo(start)
    beq     t0, t1, 1f

    # command(LowLevelDebug, print alert code, 2 = wrong location)
    li      a0, 8
    li      a1, 1
    li      a2, 2
    li      a4, 2
    ecall
    j       2f

1:
    # memop(break, end of static memory): from here on all of it is ours.
    li      a0, 0
    la      a1, _heap_start
    li      a4, 5
    ecall
    li      t0, 128             # Success, the only one of its variants
    beq     a0, t0, 3f

2:
    # exit-terminate(FAIL)
    li      a0, 0
    li      a1, 1
    li      a4, 6
    ecall
    j       2b

3:
    la      sp, _stack_top

    # Copy .data from flash, in words.
    la      t0, _data_load
    la      t1, _data_start
    la      t2, _data_end
4:
    bgeu    t1, t2, 5f
    lw      t3, 0(t0)
    sw      t3, 0(t1)
    addi    t0, t0, 4
    addi    t1, t1, 4
    j       4b

    # Clear .bss, in words.
5:
    la      t1, _bss_start
    la      t2, _bss_end
6:
    bgeu    t1, t2, 7f
    sw      zero, 0(t1)
    addi    t1, t1, 4
    j       6b

7:
    call    run_main
