# Commands for a machine that nobody prepared; each sets up what is missing first, and says so.
.PHONY: saturate test soak kube-proxy setup

saturate: setup
	@npm run --silent scenario -- saturate

test: setup
	@npm test

soak: setup
	@npm run --silent soak

# For the scenario kube-proxy-revert: the real kube-proxy, into the user's cache. Needs Go.
kube-proxy: setup
	@npm run --silent kube-proxy

setup:
	@sh scripts/setup.sh
