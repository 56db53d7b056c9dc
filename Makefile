# Each target makes what it needs. To install by hand: Python 3.11 to 3.13, make, a C compiler.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCH_STAMP := $(VENV)/.installed-bench
DOCS_STAMP := $(VENV)/.installed-docs
PROTOS := $(shell find proto -name '*.proto')
IMAGE ?= dafeng:local
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: run warm test test-all lint docs bench validate loadtest proto page lock sbom image clean

run: $(STAMP)
	$(BIN)/dafeng serve --embedded --http 127.0.0.1:8080

# Kernels are compiled once, before two processes would do it each.
warm: $(STAMP)
	$(BIN)/python -m gateway.warm

test: warm
	$(BIN)/python -m pytest -n 2 --dist worksteal

# With the cases that only add to what others show, and more made-up inputs.
test-all: warm
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "" --hypothesis-profile=thorough

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/buf lint proto
	$(BIN)/buf breaking proto --against proto/released.binpb

bench: $(BENCH_STAMP)
	$(BIN)/python -m benchmarks

# The peers of the benchmarks (PyPSA, rcbsim); without them they run all the same and say so.
$(BENCH_STAMP): requirements-bench.lock $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock && touch $@ \
		|| echo "PyPSA and rcbsim could not be installed: the benchmarks leave them out"

# Every comparison with data, exact answers and other programs again, as one report in build/validation.
validate: $(BENCH_STAMP)
	$(BIN)/python -m validation

# The documentation in both languages, into build/site.
docs: $(DOCS_STAMP)
	$(BIN)/python -m docs.site build/site

$(DOCS_STAMP): requirements-docs.lock $(STAMP)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.lock
	touch $@

# Users at work, then overload at multiples of the capacity found; three minutes in all, reports in var/loadtest.
loadtest: $(STAMP)
	status=0; for run in "steady --seconds 40" "overload --seconds 100"; do \
		$(BIN)/python -m loadtests $$run || status=1; done; exit $$status

# Generated code and the contracts' image (for the API's description).
proto: $(STAMP)
	$(BIN)/python -m grpc_tools.protoc -Iproto --python_out=. --grpc_python_out=. --mypy_out=. --mypy_grpc_out=. $(PROTOS)
	$(BIN)/buf build proto -o dafeng/contracts.binpb

# The page's built files, which ship with the package. Needs Node 20.19 or later; who runs Dafeng does not.
page: $(STAMP)
	$(BIN)/python -m gateway.web.contracts web/src/api/contracts
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run lint && npm run typecheck && npm test && npm run build

# The lock: every package and build tool pinned by hash, no registry address.
lock: $(STAMP)
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra server --extra telemetry --extra batch --extra k8s --extra dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra bench --constraint requirements.lock pyproject.toml -o requirements-bench.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra docs --constraint requirements.lock pyproject.toml -o requirements-docs.lock
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra server --extra telemetry --extra batch --extra k8s --constraint requirements.lock pyproject.toml \
		-o requirements-server.lock

# What is in the image, as CycloneDX.
sbom: $(STAMP)
	mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements-server.lock --pyproject pyproject.toml --output-reproducible \
		--output-format JSON --output-file build/sbom.cdx.json

# The image; PYTHON_IMAGE names the base with the digest that your registry gives it.
image: sbom
	docker build --build-arg PYTHON_IMAGE="$(PYTHON_IMAGE)" --build-arg REVISION="$$(git rev-parse HEAD)" -t $(IMAGE) .

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12), (3, 13)) and "Python 3.11 to 3.13 is needed; give PYTHON=...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
