import { serveJobs } from '../../src/hook/thread.ts';

/** Threads without rules and without a migration. */
await serveJobs({ rules: [], migrate: null });
