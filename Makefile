# The build's verbs, for developers and CI.
.DEFAULT_GOAL := help
SHELL := /bin/sh

MVN := ./mvnw -q -B -ntp
UV := .cache/uv/bin/uv
# Python beside the trainer that its environment checks, seen from its folder.
PYTHON := ../e2e ../loadtest/oip-conformance ../data-pipeline/importer/src/test/samples
TRAINER := $(UV) run --project trainer --locked hemline-trainer
# Triton's and KServe's clients register the same protobuf names, so each needs its own process.
CLIENTS := $(UV) run --project e2e/clients --locked pytest -c e2e/pytest.ini -W default
K6 := .cache/bin/k6
S3_SERVER := .cache/bin/versitygw
PROMTOOL := .cache/bin/promtool
TEST_SERVERS := .cache/servers/whole
# The encoder of the demo snapshot's embeddings; with another one they count as missing.
ENCODER ?= model-store/demo/store/trend/versions/2/image_encoder.onnx


JAVA_SOURCES := $(shell find pom.xml model-store/pom.xml model-store/src/main inference-server/pom.xml inference-server/src/main data-pipeline/importer/pom.xml data-pipeline/importer/src/main -type f 2>/dev/null)
BUILT := inference-server/target/built.stamp
BENCH := $(UV) run --project loadtest/bench --locked
BENCH_SOURCES := $(shell find inference-server/src/jmh -type f 2>/dev/null)
# A class instead of a stamp, because other Maven runs recompile the tests without the benchmarks.
BENCH_BUILT := inference-server/target/test-classes/io/hemline/serving/bench/BareServer.class
WRK := .cache/bin/wrk

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: serve
serve: $(BUILT) ## build if needed, then serve forecasts on http://127.0.0.1:8080 (DATA: files to import first, ARGS: options)
	@if [ -z "$(DATA)" ]; then exec ./hemline serve $(ARGS); fi; \
	./hemline import $(DATA) --out runs-output/served --replace && \
	exec ./hemline serve --set features.snapshot=runs-output/served/features.jsonl.gz $(ARGS)

.PHONY: build
build: $(BUILT) ## build the server and the command line of the store

$(BUILT): $(JAVA_SOURCES)
	@echo "building the server (the first build downloads about 190 MB of libraries)"
	@$(MVN) package -DskipTests
	@inference-server/archive-classes.sh
	@touch $@

.PHONY: edge
edge: $(BUILT) ## run two servers, nginx and the Worker on this machine; Ctrl-C stops all
	@exec nginx/edge.sh

.PHONY: check
check: ## run all checks below, and print the time of each
	@for part in java trainer feast worker whole edge bench; do \
	  began=$$(date +%s); \
	  $(MAKE) --no-print-directory check-$$part || { echo "make check: check-$$part failed" >&2; exit 1; }; \
	  took="$$took$$(printf '  %-8s %4d s' $$part $$(($$(date +%s) - began)))\n"; \
	done; \
	printf "all checks passed:\n$$took"

.PHONY: check-java
check-java: $(S3_SERVER) ## format, static analysis and tests of model-store and inference-server
	$(MVN:-q=) -Plint verify
	inference-server/archive-classes.sh
	@touch $(BUILT)

.PHONY: check-trainer
check-trainer: $(UV) $(S3_SERVER) $(TEST_SERVERS) ## lint, types and tests of the trainer; lint of e2e
	$(UV) sync --project trainer --locked
	cd trainer && ../$(UV) run --locked ruff check . $(PYTHON) && ../$(UV) run --locked ruff format --check . $(PYTHON)
	cd trainer && ../$(UV) run --locked mypy
	cd trainer && ../$(UV) run --locked pytest --numprocesses auto --maxprocesses 4 --dist loadfile

.PHONY: check-worker
check-worker: $(BUILT) ## lint, types and tests of the Cloudflare Worker, also with a real server
	cd cloudflare-worker && npm ci --no-audit --no-fund --loglevel=error && SERVER_REQUIRED=yes npm run check --silent

.PHONY: check-feast
check-feast: $(UV) ## integration of Feast and the server (downloads 600 MB once)
	$(UV) sync --project data-pipeline/feature_repo --locked
	FEAST_PYTHON=$(CURDIR)/data-pipeline/feature_repo/.venv/bin/python $(MVN) -pl inference-server -am test -Dtest=FeastTest -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: check-whole
check-whole: $(BUILT) $(UV) $(S3_SERVER) ## end-to-end tests of server, store and trainer; third-party clients
	$(UV) run --project trainer --locked pytest -c e2e/pytest.ini e2e --ignore-glob='*/test_edge_*'
	$(CLIENTS) e2e/clients/test_tritonclient.py
	$(CLIENTS) --ignore=e2e/clients/test_tritonclient.py e2e/clients

.PHONY: check-edge
check-edge: $(BUILT) $(UV) $(K6) $(PROMTOOL) cloudflare-worker/node_modules ## end-to-end tests of nginx, the Worker, k6 and the alerts; gixy
	nginx/lint.sh $(UV)
	cd loadtest && ../cloudflare-worker/node_modules/.bin/biome ci --error-on-warnings *.js lib bench/scripts
	$(UV) run --project trainer --locked pytest -c e2e/pytest.ini e2e/test_edge_*.py

.PHONY: check-bench
check-bench: $(BENCH_BUILT) $(UV) $(WRK) ## lint and tests of the benchmark harness; compiles the JMH benchmarks
	cd loadtest/bench && ../../$(UV) run --locked ruff check . ../peers && ../../$(UV) run --locked ruff format --check . ../peers
	$(BENCH) pytest -q -c loadtest/bench/pyproject.toml loadtest/bench

.PHONY: demo
demo: $(UV) ## regenerate the demo artifacts and the demo feature snapshot from their seed
	$(TRAINER) demo --out model-store/demo

.PHONY: train
train: $(UV) ## train a model into RUN (default runs-output/demo) by CONFIG
	$(TRAINER) train --config $(or $(CONFIG),trainer/configs/demo.toml) --out $(or $(RUN),runs-output/demo) --image-encoder $(ENCODER) $(ARGS)

.PHONY: publish
publish: $(UV) ## export and package RUN, publish it to STORE, and promote it to stable
	@test -n "$(STORE)" || { echo "publish: STORE is missing, such as STORE=store" >&2; exit 2; }
	$(TRAINER) publish --run $(or $(RUN),runs-output/demo) --store $(STORE) $(ARGS)

.PHONY: load
load: $(if $(TARGET),,$(BUILT)) $(K6) ## run the load test SCENARIO (steady, swap, …) on TARGET or on servers that it starts
	@K6=$(K6) TARGET="$(TARGET)" exec loadtest/run.sh $(SCENARIO)

.PHONY: bench
bench: bench-$(or $(SUITE),serving) ## measure SUITE (serving, costs, overload, shadow, swap, pieces, feast; capacity into loadtest/REPORT.md) beside limits and peers, into docs/benchmarks; QUICK=1 only tries

.PHONY: bench-pieces
bench-pieces: $(BENCH_BUILT)
	@java -cp "inference-server/target/test-classes:inference-server/target/classes:inference-server/target/lib/*:inference-server/target/jmh/*" \
		org.openjdk.jmh.Main -f 1 -wi 3 -w 1 -i 5 -r 1 -prof gc -e FeastRead $(ARGS)

.PHONY: bench-capacity
bench-capacity: $(BUILT) $(K6) $(WRK) $(UV)
	@exec $(BENCH) python -m hemline_bench.suites.capacity $(if $(QUICK),--quick) $(ARGS)

# The latency that PostgreSQL adds to a request with uncached trends; on an otherwise idle machine.
.PHONY: bench-feast
bench-feast: $(BENCH_BUILT)
	@cd inference-server && java -cp "target/test-classes:target/classes:target/lib/*:target/jmh/*" \
		org.openjdk.jmh.Main -f 1 -wi 3 -w 2 -i 3 -r 3 FeastRead $(ARGS)

bench-%: $(BENCH_BUILT) $(K6) $(WRK) $(UV)
	@exec $(BENCH) python -m hemline_bench $* $(if $(QUICK),--quick) $(ARGS)

.PHONY: fresh
fresh: ## run the README's commands in a fresh clone and an empty home
	e2e/fresh_clone.sh

.PHONY: format
format: $(UV) ## format Java, POMs, TypeScript and Python
	$(MVN) -Plint com.diffplug.spotless:spotless-maven-plugin:apply
	cd cloudflare-worker && npm ci --no-audit --no-fund --loglevel=error && npm run format --silent
	cd loadtest && ../cloudflare-worker/node_modules/.bin/biome check --write *.js lib bench/scripts
	cd trainer && ../$(UV) run --locked ruff format . $(PYTHON) && ../$(UV) run --locked ruff check --fix . $(PYTHON)
	cd loadtest/bench && ../../$(UV) run --locked ruff format . ../peers && ../../$(UV) run --locked ruff check --fix . ../peers

.PHONY: clean
clean: ## remove build outputs, keep downloads
	$(MVN) clean

cloudflare-worker/node_modules: cloudflare-worker/package-lock.json
	cd cloudflare-worker && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(BENCH_BUILT): $(BUILT) $(BENCH_SOURCES)
	@echo "building the benchmarks"
	@$(MVN) -Pbench -pl inference-server -am process-test-classes -DskipTests
	@touch $@

$(WRK):
	loadtest/bench/fetch-wrk.sh $@

$(PROMTOOL):
	@mkdir -p $(@D)
	@if found=$$(command -v promtool); then ln -sfn "$$found" $@; \
	else ./fetch-debian.sh .cache/prometheus prometheus && ln -sfn ../prometheus/root/usr/bin/promtool $@; fi

$(UV):
	python3 -m venv .cache/uv
	.cache/uv/bin/pip install -q uv==0.13.9

$(K6):
	@echo "building k6 (once, about two minutes)"
	GOBIN=$(CURDIR)/.cache/bin go install go.k6.io/k6@v1.8.1

# PostgreSQL and Kafka for the trainer's tests, which are skipped without a JDK.
$(TEST_SERVERS): trainer/tests/servers/pom.xml
	@if command -v java >/dev/null; then \
	  echo "downloading PostgreSQL and Kafka for the tests (once, about 140 MB)"; \
	  $(MVN) -f $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/.cache/servers && touch $@; \
	else \
	  echo "no JDK: skipping the tests on a real PostgreSQL and a real Kafka" >&2; \
	fi

# The S3 server for tests, which are skipped without Go.
$(S3_SERVER):
	@if command -v go >/dev/null; then \
	  echo "building the S3 server for the tests (once, about three minutes)"; \
	  GOBIN=$(CURDIR)/.cache/bin go install github.com/versity/versitygw/cmd/versitygw@v1.8.0; \
	else \
	  echo "no Go: skipping the tests on a real S3 server" >&2; \
	fi
