/** Schemas of the nodes on one database, and of their runs. */
import { instant, nullable, object, text } from './parts.js';

const run = object(
  {
    run: text(32, 'Random, for each start of a process.'),
    state: {
      enum: ['live', 'stopped', 'restarted', 'lost'],
      type: 'string',
      description: '`restarted`: its node began another run. `lost`: it was silent for 15 s.',
    },
    host: text(255, 'The host name of its machine.'),
    roles: { type: 'array', items: { type: 'string' }, description: 'What it does: api, responder, worker, console.' },
    version: text(64, 'The version of its program.'),
    schemaLevel: { type: 'integer', description: 'The newest schema level that its program knows.' },
    policyDigest: text(64, 'SHA-256 of its policy, hex.'),
    configDigest: text(64, 'SHA-256 of the configuration that must be equal on all nodes, hex.'),
    publication: nullable({ type: 'string', description: 'Where other nodes find what it publishes.' }),
    clockOffsetMs: { type: 'integer', description: "How far its clock is ahead of the database's." },
    startedAt: instant('When it began, by the clock of the database, as all times here.'),
    seenAt: instant('Its last heartbeat.'),
    endedAt: nullable(instant('When it ended.')),
  },
  [
    'run',
    'state',
    'host',
    'roles',
    'version',
    'schemaLevel',
    'policyDigest',
    'configDigest',
    'publication',
    'clockOffsetMs',
    'startedAt',
    'seenAt',
    'endedAt',
  ],
);

const node = object(
  {
    id: text(16, 'The id in its node.json.'),
    name: text(64, 'Its name for people.'),
    runs: { type: 'array', items: run, description: 'Live runs first, then those that began last.' },
  },
  ['id', 'name', 'runs'],
);

export const nodes = object({ nodes: { type: 'array', items: node, description: 'By their ids.' } }, ['nodes']);
