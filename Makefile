# Every target does its own set-up; nothing needs to be installed first on Debian.

.PHONY: help run test attack size build setup clean

help:
	@echo "make run     boot the emulated OpenTitan, classify, verify every answer"
	@echo "make test    format, lints, unit tests, end-to-end tests"
	@echo "make attack  let the intruder try everything, and count what was refused"
	@echo "make size    flash and RAM of the kernel and of each process"
	@echo "make build   command line, kernel image, TABs"
	@echo "make setup   compiler target, emulator, elf2tab, tockloader"
	@echo "make clean   remove everything that was made"

run:
	@tools/demo.sh

test:
	@tools/check.sh

attack:
	@ANSWERS=4 tools/demo.sh --list-attacks

size: build
	@tools/size.sh

build: setup
	@tools/build.sh

setup:
	@tools/setup.sh

clean:
	rm -rf target
