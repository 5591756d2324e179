/** The files of `tablefull init --ci github`: a suite, and a workflow that runs it. */

/** The systems that `init --ci` knows. */
export const CI_SYSTEMS = ['github'] as const;

export const SUITE_TEMPLATE = `# What must hold. Run it: \`tablefull test\`; check it: \`tablefull validate tablefull.yaml\`
# All keys: docs/reference/suite.md of tablefull
version: 1
runs:
  # A churn of connections fills a node's conntrack table. Which remedies help?
  # A remedy may be a path as well: ./deploy/our-sysctls.yaml
  - scenario: saturate
    remedies:
      keepalive: cured
      be-liberal: no-effect
      placebo: no-effect
    thresholds:
      baseline:
        - requests.failed.rate == 0
      keepalive:
        - drop.delta == 0

  # Everything but the fault: the symptom must not occur, or the machine itself drops packets.
  - scenario: saturate
    control: true
`;

/** @param version the version of tablefull that the workflow installs */
export function githubWorkflow(version: string, suite: string): string {
  return `name: tablefull
# Proves what ${suite} says, on a real kernel.
on:
  pull_request:
  push:
    branches: [main]
  schedule:
    # The runners get new kernels.
    - cron: '41 4 * * 1'
permissions:
  contents: read
jobs:
  conntrack:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - name: Install tablefull and what a lab needs
        # Needs tablefull ${version} on npm. Until it is there, run \`npm pack\` in a clone of tablefull, put the file
        # into this repository, and install ./tablefull-${version}.tgz instead.
        run: |
          npm install --global --no-fund --no-audit tablefull@${version}
          if ! command -v nft || ! command -v conntrack; then
            sudo apt-get update -qq
            sudo apt-get install -y -qq --no-install-recommends nftables conntrack
          fi
      - name: Run the suite
        # As root a lab needs no setting of the machine.
        run: >-
          sudo --preserve-env env "PATH=$PATH"
          tablefull test ${suite} --retry-inconclusive 2 --out "$RUNNER_TEMP/tablefull"
      - name: Upload the results
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: tablefull
          path: \${{ runner.temp }}/tablefull
          if-no-files-found: ignore
`;
}
