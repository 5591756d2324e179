// The kill tests again, 50 times each; test/lab/kill.ts reads the count.
process.env.TABLEFULL_KILLS ??= '50';
process.env.TABLEFULL_KILL_SPAN_MS ??= '20000';
await import('../lab/residue.test.ts');
await import('../lab/exclusive/residue.test.ts');
