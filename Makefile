# Everything a person needs here. 'make' alone prints this list.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help site draft serve check online rules reading test look bench words icons pictures fonts setup lock clean

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

site: .venv/site ## build the site and the offline copy, checked before and after
	@$(BIN)/python scripts/build.py

draft: .venv/site ## build what is there with its gaps, into draft/; never for patients
	@$(BIN)/python scripts/build.py --draft

serve: .venv/site ## show the site at http://127.0.0.1:8000 and build it again at each change
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve --livereload

check: .venv/site ## check the pages only: what must be mended, with file and line
	@$(BIN)/python scripts/validate.py

online: .venv/online ## ask every address outside, slowly, whether it still leads somewhere
	@$(BIN)/python scripts/validate.py --online $(if $(wildcard site/index.html),--site site)

rules: .venv/site ## write the page about/rules.md anew from the rules
	@$(BIN)/python scripts/rules_page.py

reading: .venv/site ## print how hard each page is to read, and the medians
	@$(BIN)/python scripts/reading.py

test: .venv/dev ## run every test, installing what is missing
	@$(BIN)/python tests/machine.py
	@$(BIN)/python -m pytest -n auto --dist loadfile

look: .venv/dev ## make pictures of ten pages to look at: light, dark, on a phone, on paper
	@$(BIN)/python tests/machine.py
	@$(BIN)/python tests/look.py

bench: .venv/dev ## measure times, as ratios within one run, then look for texts that break the checks
	@$(BIN)/python tests/bench.py
	@$(BIN)/python tests/bench.py --fuzz 4

words: .venv/dev ## count the syllables of the words in use anew, after new words
	@$(BIN)/python scripts/syllables.py

icons: .venv/dev ## draw the icons and the card of previews anew, after a change to mark, name or promise
	@$(BIN)/python tests/icons.py

pictures: .venv/site ## write the dark version of each picture anew, after a change to one
	@$(BIN)/python scripts/pictures.py

fonts: .venv/dev ## cut the fonts anew, after a change to their letters
	@$(BIN)/python tests/machine.py
	@$(BIN)/python scripts/fonts.py

setup: .venv/site ## make the environment only

lock: .venv/dev ## write the locks anew from pyproject.toml and tests/engines/*.in
	@$(BIN)/python tests/lock.py $(LOCK)

clean: ## remove all that was built or installed here
	rm -rf site draft .build .venv .venv-* node_modules .pytest_cache .mypy_cache .ruff_cache .cache

# The environments. A file in .venv says which locks it holds, so a changed lock is installed by itself.
.venv/site: requirements.txt pyproject.toml
	@$(call environment,requirements.txt)
	@touch $@

.venv/online: requirements-online.txt requirements.txt pyproject.toml
	@$(call environment,requirements-online.txt)
	@touch .venv/site $@

.venv/dev: requirements-dev.txt requirements.txt pyproject.toml
	@$(call environment,requirements-dev.txt)
	@touch .venv/site .venv/online $@

define environment
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 5) and "Python 3.11.5 or newer is needed; set PYTHON=...")' && \
test -x $(BIN)/python || $(PYTHON) -m venv .venv && \
echo "setup: installing $(1)" && \
$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r $(1) && \
$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
endef
