# Magpie. `make help` lists what can be made.

SHELL := /bin/sh
.DEFAULT_GOAL := help

BIN := build/bin
DIR ?= build/tour
ONLY ?=
BENCHTIME ?= 1s
FUZZTIME ?= 30s
SOAK ?= 60s

# Windows on Linux are built for X11 only (Wayland's own protocol has no input
# methods in GLFW) and with the patched copy of GLFW that build/go.mod leads to.
# Elsewhere the plain module is built.
ifeq ($(shell uname -s),Linux)
GLFW := glfw
WINDOW := -modfile=build/go.mod -tags=x11
WATCHED := -modfile=build/go.mod -tags=x11,uitest
BENCH_WINDOW := -modfile=build/go.mod -tags=x11,wintest,uitest
else
GLFW :=
WINDOW :=
WATCHED := -tags=uitest
BENCH_WINDOW := -tags=wintest,uitest
endif

.PHONY: help
help:
	@echo 'make run      install what is missing, build, open the window (without a display: make tour)'
	@echo 'make test     install what is missing, run every check and test; ONLY=stage runs one'
	@echo 'make bench    measure, print a table, write bench.json; ONLY=canvas runs a part'
	@echo 'make lint     formatting, go vet, shell scripts, golangci-lint with the import directions'
	@echo 'make tour     play a conversation and leave screenshots in DIR=$(DIR)'
	@echo 'make screens  play the tour and make the pictures in docs/screens of it'
	@echo 'make soak     kill server and clients under load for SOAK=$(SOAK)'
	@echo 'make fuzz     fuzz every parser of outside bytes for FUZZTIME=$(FUZZTIME) each'
	@echo 'make build    $(BIN)/magpie and $(BIN)/magpied'
	@echo 'make deps     install the system packages that are missing'
	@echo 'make fonts    make the bundled fonts anew from Noto Sans CJK'
	@echo 'make emoji    cut the bundled emoji anew from Noto Color Emoji'
	@echo 'make ffwasm   make the bundled FFmpeg anew (minutes); make ffwasm-check compares instead'
	@echo 'make deb      packages for Debian, Fedora and Arch in build/dist (needs make build)'
	@echo 'make ime-check  type Chinese through a real input method (installs fcitx5)'
	@echo 'make clean    remove build/ and bench.json'

.PHONY: deps
deps:
	@scripts/deps go build test

.PHONY: deps-build
deps-build:
	@scripts/deps go build

.PHONY: glfw
glfw:
	@scripts/glfw-ime

.PHONY: build
build: deps-build $(GLFW)
	go build $(WINDOW) -o $(BIN)/magpie .
	CGO_ENABLED=0 go build -o $(BIN)/magpied ./server/magpied

.PHONY: run
run: build
	@scripts/run $(BIN)/magpie $(ARGS)

.PHONY: tour
tour: build
	@scripts/tour $(BIN)/magpie "$(DIR)"

# The pictures of the documentation, one for each of the design's.
.PHONY: screens
screens: tour
	go run ./internal/screens "$(DIR)" docs/screens

.PHONY: test
test: deps
	@ONLY='$(ONLY)' scripts/test

# Benchmarks that open windows measure the real programs, which are built only
# for them, the window with the socket by which a test knows what it shows.
.PHONY: bench
bench: deps
	@MAGPIE_BINARY='$(CURDIR)/$(BIN)/magpie-uitest' MAGPIED_BINARY='$(CURDIR)/$(BIN)/magpied' \
		go run ./internal/benchreport -only '$(ONLY)' -benchtime '$(BENCHTIME)' -o bench.json \
		-window-args '$(BENCH_WINDOW)' -window-prepare '$(MAKE) --no-print-directory build-watched'

.PHONY: build-watched
build-watched: build
	go build $(WATCHED) -o $(BIN)/magpie-uitest .

.PHONY: lint
lint: deps
	@scripts/deps lint
	@scripts/lint

.PHONY: soak
soak: deps-build
	@scripts/soak '$(SOAK)'

.PHONY: fuzz
fuzz: deps-build
	@scripts/fuzz '$(FUZZTIME)'

.PHONY: fonts
fonts:
	@scripts/deps fonts
	@scripts/fonts/make.sh

.PHONY: emoji
emoji:
	@scripts/deps emoji
	@scripts/emoji/make.sh

.PHONY: ffwasm
ffwasm:
	@scripts/deps ffwasm
	@scripts/ffwasm/build.sh

.PHONY: ffwasm-check
ffwasm-check:
	@scripts/deps go ffwasm
	MAGPIE_FFWASM=1 CGO_ENABLED=0 go test -count=1 -timeout=2h -run='^Test(Source|ModuleIsWhatTheScriptMakes)$$' ./media/sandbox

.PHONY: deb
deb: build
	@packaging/build-linux

.PHONY: ime-check
ime-check: deps
	@scripts/deps ime
	@scripts/ime-check

.PHONY: clean
clean:
	rm -rf build bench.json
