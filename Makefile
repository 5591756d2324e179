# Two commands for a machine that nobody prepared; each sets up what is missing first, and says so.
.PHONY: saturate test atlas soak setup

saturate: setup
	@npm run --silent scenario -- saturate

test: setup
	@npm test

# Every scenario beyond the first three, with its remedies and its control.
atlas: setup
	@npm run --silent test:atlas

soak: setup
	@npm run --silent soak

setup:
	@sh scripts/setup.sh
