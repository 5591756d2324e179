# Commands for an unprepared machine; each first installs what is missing, and says so.
.PHONY: help saturate test atlas test-kind soak kube-proxy kind-image k6 setup

help:
	@echo 'make saturate   set up what is missing, then fill a conntrack table and see what fixes it'
	@echo 'make test       set up what is missing, then run the checks and the tests'
	@echo 'make setup      set up what is missing: nftables, conntrack and Node 24'
	@echo 'make atlas      tests that take an hour: every scenario, every lesson'
	@echo 'make test-kind  tests on a real kind cluster (make kind-image where none can be pulled)'
	@echo 'make k6, make kube-proxy, make kind-image: build what some scenarios need (Go)'
	@echo 'make soak       tests that take hours'
	@echo 'then: npm run scenario NAME, npm run tablefull -- --help'

saturate: setup
	@npm run --silent scenario -- saturate

test: setup
	@npm test

# Every scenario beyond the first three with its remedies and its control, every lesson, and the workflows.
atlas: setup
	@npm run --silent test:atlas

# On a real kind cluster. If kindest/node can't be pulled, run `make kind-image` first.
test-kind: setup
	@npm run --silent test:kind

soak: setup
	@npm run --silent soak

# The real kube-proxy for the scenario kube-proxy-revert, into the user's cache. Needs Go.
kube-proxy: setup
	@npm run --silent kube-proxy

# A kind node image from ordinary packages, without an image registry. Needs Go, and root.
kind-image: setup
	@npm run --silent kind-image

# k6 for the scenarios with a k6 script, into the user's cache. Needs Go.
k6: setup
	@npm run --silent k6

setup:
	@sh scripts/setup.sh
