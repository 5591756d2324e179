# Commands for an unprepared machine; each first installs what is missing, and says so.
.PHONY: saturate test atlas test-kind soak kube-proxy kind-image k6 setup

saturate: setup
	@npm run --silent scenario -- saturate

test: setup
	@npm test

# Every scenario beyond the first three, with its remedies and its control.
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
