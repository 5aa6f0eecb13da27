#!/usr/bin/env node
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // The version alone needs nothing of the program.
  const { readFileSync } = await import('node:fs');
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${manifest.version}\n`);
} else {
  // A report that is cut off because the pipe is slow would be worse than waiting for it.
  for (const stream of [process.stdout, process.stderr]) stream._handle?.setBlocking?.(true);
  let failure = null;
  process.stdout.on('error', (error) => {
    failure = error;
    if (argv.includes('--watch')) process.exit(0);
  });
  const { loadProgram } = createRequire(import.meta.url)('./compile-cache.cjs');
  const { exports, keep } = loadProgram(fileURLToPath(new URL('../dist/cli.cjs', import.meta.url)));
  const { stdout, stderr, env } = process;
  process.exitCode = await exports.main(argv, { cwd: process.cwd(), env, stdout, stderr });
  // What other commands leave uncompiled is most of the program.
  if (exports.isLint(argv)) keep?.();
  // What is written and fails is told in the next turn. A reader that has seen enough changes nothing.
  await new Promise(setImmediate);
  if (failure !== null && failure.code !== 'EPIPE') {
    stderr.write(`tasks-lint: the report cannot be written: ${failure.message}\n`);
    process.exitCode = 2;
  }
}
