# Commands for a machine that nobody prepared; each sets up what is missing first, and says so.
.PHONY: saturate test atlas test-kind soak kube-proxy kind-image k6 setup

saturate: setup
	@npm run --silent scenario -- saturate

test: setup
	@npm test

# Every scenario beyond the first three, with its remedies and its control.
atlas: setup
	@npm run --silent test:atlas

# On a real kind cluster; with `make kind-image` first where kindest/node can't be pulled.
test-kind: setup
	@npm run --silent test:kind

soak: setup
	@npm run --silent soak

# For the scenario kube-proxy-revert: the real kube-proxy, into the user's cache. Needs Go.
kube-proxy: setup
	@npm run --silent kube-proxy

# A kind node image of ordinary packages, where no image registry can be reached. Needs Go, and root.
kind-image: setup
	@npm run --silent kind-image

# For the scenarios that run a k6 script: k6 itself, into the user's cache. Needs Go.
k6: setup
	@npm run --silent k6

setup:
	@sh scripts/setup.sh
