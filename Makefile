# The flags are the same everywhere, so that one build serves the program and the tests.
SWIFT_FLAGS := -c release -Xswiftc -enable-testing
ECDX := .build/release/ecdx

.DEFAULT_GOAL := help
.PHONY: format reference install uninstall run test build soak benchmarks install-packages check-house check-swift clean help

run: install-packages check-swift ## build, then run the quickstart: experiments/quickstart.ecdx
	swift build $(SWIFT_FLAGS) --product ecdx
	$(ECDX) run experiments/quickstart.ecdx

test: install-packages check-swift check-house ## build, then run all tests
	swift build $(SWIFT_FLAGS) --build-tests
	scripts/test.sh

build: install-packages check-swift ## build the program and the tests
	swift build $(SWIFT_FLAGS) --build-tests

soak: build ## long: the tests with ECDX_SOAK=1, then the campaigns of Tests/Soak; SOAK="--only NAME --count N" picks
	scripts/soak.sh $(ECDX) $(if $(SOAK),$(SOAK),--tests)

benchmarks: build ## measure against peers; see Benchmarks/README.md
	Benchmarks/run.sh

reference: ## write the generated parts anew: LANGUAGE.md, docs/ecdx.1, Editors
	swift build $(SWIFT_FLAGS) --product ecdx
	scripts/write-reference.sh $(ECDX)
	scripts/write-man-page.sh $(ECDX)
	scripts/write-editors.sh $(ECDX)

install: install-packages check-swift ## build and install below PREFIX (/usr/local), DESTDIR honoured
	swift build $(SWIFT_FLAGS) --product ecdx
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" scripts/install.sh $(ECDX)

uninstall: ## remove what `make install` installed
	DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" scripts/install.sh --remove

install-packages: ## install the Debian packages that are missing
	@scripts/install-packages.sh

format: ## lay the Swift sources out by .swift-format
	swift format -i -r Sources Tests Package.swift Benchmarks

check-house: ## check the rules of the house
	@scripts/check-house.sh

check-swift:
	@scripts/check-swift.sh

clean: ## remove what the build made
	rm -rf .build

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
