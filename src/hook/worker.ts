/** Script of the hook's threads. */
import { rules } from '../../rules/index.ts';
import { serveJobs } from './thread.ts';

await serveJobs({ rules, migrate: null });
