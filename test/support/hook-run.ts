import process from 'node:process';
import { main } from '../../src/cli/main.ts';

/** The program as bin/tasks-lint.js runs it, from a bundle of the sources at hand. */
const { stdout, stderr, env } = process;
process.exitCode = await main(process.argv.slice(2), { cwd: process.cwd(), env, stdout, stderr });
