# Two commands matter: `make bench` and `make test`. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --universal \
  --python-version 3.11
EMBEDDINGS := .venv-embeddings
GAMMA := .venv-gamma
PEERS := .venv-peers
FUZZ := .venv-fuzz
SECONDS ?= 600
TORCH := torch==2.13.0
ROOMS := schema eval annotations baselines cli
FOLDERS := $(shell find $(ROOMS) -type d -not -name __pycache__ -not -path 'eval/results*')

.PHONY: axe test-browser help setup bench bench-all test test-embeddings test-gamma test-peers test-labelstudio chromium lint format \
  lock clean why-not benchmark fuzz

help:
	@echo "make bench   set up, run all baselines, print the leaderboard"
	@echo "make bench-all          the same with the baselines that need PyTorch (about 1 GB, once), in $(EMBEDDINGS)"
	@echo "make test    set up, run the tests"
	@echo "make test-embeddings    the tests that need PyTorch, in $(EMBEDDINGS)"
	@echo "make test-gamma         the tests that need pygamma-agreement (half a gigabyte, once), in $(GAMMA)"
	@echo "make test-labelstudio   the tests that need a Label Studio server (about 1 GB, once) or Chromium"
	@echo "make test-browser       those of them that read the reading page in Chromium"
	@echo "make why-not            what other scorers say where ours differs: docs/why-not.md, in $(PEERS)"
	@echo "make benchmark          speed beside other scorers: docs/speed.md, in $(PEERS); QUICK=1: small sizes, nothing written"
	@echo "make test-peers         the test that docs/why-not.md is what the other scorers say"
	@echo "make fuzz               fuzz the readers, SECONDS=$(SECONDS) with each of two engines, in $(FUZZ) (Linux)"
	@echo "make lint    style, types, schemas, and the gold itself"
	@echo "make lock    pin the dependencies anew (requirements/*.txt, annotations/labelstudio.txt)"

# Dependencies first, checked against their hashes; then the rooms. The rooms are installed
# again when one of their folders is newer (a file was added): strict editable installs link file by file.
$(VENV)/.installed: requirements/build.txt requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name it with: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Setting up $(VENV) (once, a minute or two)"; $(PYTHON) -m venv --clear $(VENV); }
	@$(PIP) --require-hashes -r requirements/build.txt
	@$(PIP) --require-hashes --no-build-isolation --use-pep517 -r requirements/dev.txt
	@touch $@

$(VENV)/.linked: $(VENV)/.installed pyproject.toml setup.cfg $(FOLDERS)
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(VENV)/.linked

bench: setup
	@$(BIN)/vostochny bench

# On all cores; the tests of one file stay together, for they share what is slow to set up.
test: setup
	@$(BIN)/python -m pytest -n auto --dist loadfile -rs

# An environment of its own that also sees what .venv has.
define layered
@$(BIN)/python -m venv --clear $(1)
@$(BIN)/python -c 'import sysconfig; print("import site; site.addsitedir(%r)" % sysconfig.get_path("purelib"))' \
  > "$$($(1)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/shared.pth"
endef

# PyTorch is another build, with other dependencies, on each kind of machine: its version is pinned, no hash.
# All else that the extra brings is checked; what .venv has is used from there.
$(EMBEDDINGS)/.installed: $(VENV)/.installed requirements/embeddings.txt Makefile
	@echo "Setting up $(EMBEDDINGS) (once, a minute or two)"
	$(call layered,$(EMBEDDINGS))
	@$(EMBEDDINGS)/bin/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	@$(EMBEDDINGS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/embeddings.txt
	@touch $@

bench-all: setup $(EMBEDDINGS)/.installed
	@HF_HUB_OFFLINE=1 $(EMBEDDINGS)/bin/python $(BIN)/vostochny bench --require-all

test-embeddings: setup $(EMBEDDINGS)/.installed
	@HF_HUB_OFFLINE=1 $(EMBEDDINGS)/bin/python -m pytest -m embeddings -rs tests/test_baselines_linkers.py tests/test_cli_bench.py

# textgrid has no wheel: it is built with what .venv has.
$(GAMMA)/.installed: $(VENV)/.installed requirements/gamma.txt
	@echo "Setting up $(GAMMA) (once, half a minute)"
	$(call layered,$(GAMMA))
	@$(GAMMA)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
	  --no-build-isolation --use-pep517 -r requirements/gamma.txt
	@touch $@

test-gamma: setup $(GAMMA)/.installed
	@$(GAMMA)/bin/python -m pytest -m gamma -rs tests/test_eval_agreement.py

# The scorers that ours is compared with.
$(PEERS)/.installed: $(VENV)/.installed requirements/peers.txt
	@echo "Setting up $(PEERS) (once, half a minute)"
	$(call layered,$(PEERS))
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/peers.txt
	@touch $@

why-not: setup $(PEERS)/.installed
	@$(PEERS)/bin/python -m benchmarks.why_not

benchmark: setup $(PEERS)/.installed
	@$(PEERS)/bin/python -m benchmarks.run $(if $(QUICK),--quick)

test-peers: setup $(PEERS)/.installed
	@$(PEERS)/bin/python -m pytest -m peers -rs tests/test_why_not.py

# With RECORD=1 the result goes into docs/fuzzing.md.
$(FUZZ)/.installed: $(VENV)/.installed requirements/fuzz.txt
	@echo "Setting up $(FUZZ) (once, a few seconds)"
	$(call layered,$(FUZZ))
	@$(FUZZ)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/fuzz.txt
	@touch $@

fuzz: setup $(FUZZ)/.installed
	@PYTHONPATH=tests $(FUZZ)/bin/python -m fuzz --seconds $(SECONDS) $(if $(RECORD),--record docs/fuzzing.md)

# The server installs itself; the browser is Debian's. Where it can't be had, its tests are skipped and say so.
test-labelstudio: setup chromium axe
	@$(BIN)/python -m pytest -m "labelstudio or browser" -rs

test-browser: setup chromium axe
	@$(BIN)/python -m pytest -m browser -rs

chromium:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null; } || \
	  echo "Chromium is missing and can't be installed here: the browser tests will be skipped"

# What checks the reading page's accessibility in the browser: pinned and checked by its digest.
axe: tests/axe/node_modules/.package-lock.json

tests/axe/node_modules/.package-lock.json: tests/axe/package-lock.json
	@{ command -v npm >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends npm >/dev/null; }; } && \
	  npm ci --prefix tests/axe --ignore-scripts --no-audit --no-fund --silent && touch $@ || \
	  echo "axe-core is missing and can't be installed here (it needs npm): the accessibility checks will be skipped"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m vostochny.schema.meta
	$(BIN)/vostochny validate
	$(BIN)/vostochny lint

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The development set, the largest, is resolved first: the others take its versions.
lock:
	$(LOCK) --group build -o requirements/build.txt
	$(LOCK) pyproject.toml --extra hf --extra labelstudio --extra spacy --extra xmi --group dev -c requirements/build.txt -o requirements/dev.txt
	$(LOCK) pyproject.toml -c requirements/dev.txt -o requirements/base.txt
	$(LOCK) --group labelstudio-server -o annotations/labelstudio.txt
	$(LOCK) pyproject.toml --extra embeddings -c requirements/dev.txt --override requirements/no-torch.in -o requirements/embeddings.txt
	$(LOCK) pyproject.toml --extra gamma -c requirements/dev.txt -o requirements/gamma.txt
	$(LOCK) --group peers -c requirements/dev.txt -o requirements/peers.txt
	$(LOCK) --group fuzz -o requirements/fuzz.txt

clean:
	rm -rf $(VENV) $(EMBEDDINGS) $(GAMMA) $(PEERS) $(FUZZ) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
