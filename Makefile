# Every target does its own set-up; nothing needs to be installed first on Debian.

.PHONY: help run test bench attack differential fuzz upstream size build flash setup clean

help:
	@echo "make run     boot the emulated OpenTitan, classify, verify every answer;"
	@echo "             BOARD=mps2_an386 boots the emulated Cortex-M4"
	@echo "make test    format, lints, unit tests, end-to-end tests"
	@echo "make bench   what the boards take, in instructions, beside others;"
	@echo "             SECTIONS names some, JSON=1 prints for programs"
	@echo "make attack  let the intruder try everything, and count what was refused"
	@echo "make differential  random operators against TensorFlow Lite's specification, on"
	@echo "             this computer and both boards; INSTANCES of each kind, SEED"
	@echo "make fuzz    mutated models and plans: refused or run, never a panic, a hang or"
	@echo "             a byte outside; EXECUTIONS of each, SEED"
	@echo "make upstream  the same on upstream Tock: three kernels, one of them booted;"
	@echo "             CARGOFLAGS goes to cargo (docs/upstream.md)"
	@echo "make size    flash and RAM of the kernel and of each process"
	@echo "make build   command line, kernel images, TABs"
	@echo "make flash   program BOARD=nrf52840dk or earlgrey_cw310; --dry-run says how;"
	@echo "             DEVICE and MODEL provision it and install a model"
	@echo "make setup   compiler target, emulator, elf2tab, tockloader"
	@echo "make clean   remove everything that was made"

run:
	@tools/demo.sh

test:
	@tools/check.sh

bench:
	@tools/bench.sh $(if $(JSON),--json) $(if $(CHART),--chart $(CHART)) $(SECTIONS)

attack:
	@ANSWERS=4 tools/demo.sh --list-attacks

differential:
	@tools/differential.sh

fuzz:
	@tools/fuzz.sh

upstream:
	@tools/upstream.sh

size: build
	@tools/size.sh

build: setup
	@tools/build.sh

# With make's own --dry-run, the script runs nevertheless, and prints what it would do.
flash: DRY_RUN = $(if $(findstring n,$(firstword -$(MAKEFLAGS))),--dry-run)
flash:
	+@tools/flash.sh $(DRY_RUN)

setup:
	@tools/setup.sh

clean:
	rm -rf target
