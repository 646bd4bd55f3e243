/** Schemas of the jobs that nodes share. */
import { instant, nullable, object, text } from './parts.js';

const holder = object(
  {
    run: text(32, 'The run that works on it now.'),
    node: nullable(text(64, 'The name of its node.')),
  },
  ['run', 'node'],
);

const job = object(
  {
    job: text(27, 'The name of the job.'),
    item: { type: 'string', maxLength: 100, description: 'What it is done for; empty: the whole installation.' },
    nextAt: instant('When it may be done again, by the clock of the database, as all times here.'),
    failures: { type: 'integer', minimum: 0, description: 'Failures since the last success.' },
    lastStartedAt: instant('When somebody last began it.'),
    lastSuccessAt: nullable(instant('When it last succeeded.')),
    lastError: nullable(text(500, 'Why the last attempt failed.')),
    holder: nullable({ ...holder, description: 'Who works on it now; null: nobody does.' }),
  },
  ['job', 'item', 'nextAt', 'failures', 'lastStartedAt', 'lastSuccessAt', 'lastError', 'holder'],
);

export const jobs = object(
  { jobs: { type: 'array', items: job, description: 'In the order of their names and items; at most 1,000.' } },
  ['jobs'],
);
