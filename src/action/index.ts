import { runAction } from './main.ts';

const { env, stdout, stderr } = process;
process.exitCode = await runAction({ cwd: process.cwd(), env, stdout, stderr });
