@ The entry point of a process on Cortex-M: the first instructions it executes.
@
@ The kernel's arguments (r0: start of the code, r1: start of RAM, r2: size of
@ RAM, r3: break) are not needed, because the process is linked for its place;
@ what has to be checked is that it is there.
@
@ Registers of a system call (TRD 104): r0 to r3 arguments and results; its class
@ is the number of the svc.

    .syntax unified
    .section .start, "ax"
    .globl start
    .type start, %function
    .thumb_func
start:
    @ Where this runs, against where it was linked to run: pc is 4 bytes on, and
    @ a function's address has bit 0 set.
    mov     r0, pc
    subs    r0, #3
    ldr     r1, =start
    cmp     r0, r1
    beq     1f

    @ command(LowLevelDebug, print alert code, 2 = wrong location)
    movs    r0, #8
    movs    r1, #1
    movs    r2, #2
    svc     2
    b       2f

1:
    @ The processor saves registers on the stack at every svc. Where the kernel
    @ put the stack may be out of reach once the break is where we want it, and
    @ where we want the stack may be out of reach before: the lower one never is.
    ldr     r4, =_stack_top
    mov     r5, sp
    cmp     r5, r4
    it      hi
    movhi   sp, r4

    @ memop(break, end of static memory): from here on all of it is ours.
    movs    r0, #0
    ldr     r1, =_heap_start
    svc     5
    cmp     r0, #128            @ Success, the only one of its variants
    beq     3f

2:
    @ exit-terminate(FAIL)
    movs    r0, #0
    movs    r1, #1
    svc     6
    b       2b

3:
    mov     sp, r4

    @ Copy .data from flash, in words.
    ldr     r0, =_data_load
    ldr     r1, =_data_start
    ldr     r2, =_data_end
4:
    cmp     r1, r2
    bhs     5f
    ldr     r3, [r0], #4
    str     r3, [r1], #4
    b       4b

    @ Clear .bss, in words.
5:
    movs    r0, #0
    ldr     r1, =_bss_start
    ldr     r2, =_bss_end
6:
    cmp     r1, r2
    bhs     7f
    str     r0, [r1], #4
    b       6b

7:
    bl      run_main

    .ltorg
