# Two commands for a machine that nobody prepared; each sets up what is missing first, and says so.
.PHONY: saturate test soak setup

saturate: setup
	@npm run --silent scenario -- saturate

test: setup
	@npm test

soak: setup
	@npm run --silent soak

setup:
	@sh scripts/setup.sh
