# The two commands: `make quickstart` sets everything up, builds, and runs the main job; `make test` sets everything up,
# builds, and runs the tests. The rest is for those who work on Heddle. CMake, Ninja and ctest do the work.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PRESET ?= release
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# What the fast set leaves out (`make check-all` runs it).
SLOW_LABELS := ^(slow|e2e|peer|fuzz|gpu|benchmark)$$
TIMED := tools/timed

.PHONY: help quickstart test setup build check-all docs format clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */  make \1\t/' | expand -t 20

quickstart: setup  ## set-up, build, and the toy model's sweep with its page (about 8 minutes of it on 2 cores)
	@$(MAKE) --no-print-directory build PRESET=release
	build/release/apps/heddle/heddle toy --out out/toy

test: setup  ## set-up, build with self-checks, all fast tests and the lint
	@$(MAKE) --no-print-directory build PRESET=dev
	ctest --test-dir build/dev --output-on-failure --no-tests=error -j "$$(nproc)" -LE '$(SLOW_LABELS)'

setup:  ## installs what is missing, and says so; quick when nothing is
	@tools/setup

build:  ## builds PRESET (release): dev, release, asan, tsan, cuda
	@mkdir -p build
	$(TIMED) "configure $(PRESET)" cmake --preset $(PRESET) --log-level=NOTICE
	$(TIMED) "build $(PRESET)" cmake --build build/$(PRESET)

check-all:  ## everything that `make test` leaves out, and docs/results.md; goes on where it stopped
	@tools/check-all

docs: build  ## the generated parts of docs/: reference of the options, tables of results
	@cmake --build build/$(PRESET) --target options_reference
	tools/results/make_tables.py

format:  ## brings C++ and Python into the house's format
	@git ls-files -z '*.cc' '*.h' | xargs -0 clang-format -i
	ruff format --quiet . && ruff check --quiet --fix .

clean:  ## removes what was built; the environment and out/ stay
	@rm -rf build
