// The kill tests again, 50 times each; test/lab/residue.test.ts reads the count.
process.env.TABLEFULL_KILLS ??= '50';
await import('../lab/residue.test.ts');
