/** Script of the hook's threads. */
import { rules } from '../../rules/index.ts';
import { migrateTemplate } from '../migrate/migrate.ts';
import { serveJobs } from './thread.ts';

await serveJobs({ rules, migrate: migrateTemplate });
