/** Runs npm scripts side by side, all to their end; exits 1 if any failed, and names those. */
import { execa } from 'execa';

const scripts = process.argv.slice(2);
const failed = await Promise.all(
  scripts.map(async (script) => {
    const { exitCode } = await execa('npm', ['run', '--silent', script], { stdio: 'inherit', reject: false });
    if (exitCode === 0) return [];
    console.error(`npm run ${script} failed`);
    return [script];
  }),
);
if (failed.flat().length > 0) {
  console.error(`failed: ${failed.flat().join(', ')}`);
  process.exitCode = 1;
}
