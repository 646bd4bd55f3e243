/**
 * The table of roles, which defines the parts of the processes of each role. `service.ts` and
 * `responder.ts` compose these parts.
 */
import type { CallerRole } from '../../hsm/wire/permissions.js';
import type { ReaderStore } from '../db/open.js';
import type { Job } from '../jobs/job.js';
import type { Result } from '../kernel/result.js';
import type { Continuity } from '../ports/store/continuity.js';
import type { Store } from '../ports/store.js';
import type { Log } from '../ports/world.js';
import { createContinuity, createRecordedContinuity, type HomeContinuity } from './database/continuity.js';
import { armReader, armService, type OpenedDatabase } from './database/start.js';
import type { Home } from './home.js';
import { RESPONDER_JOBS, type ResponderParts, SERVICE_JOBS, type ServiceParts } from './jobs.js';
import { openHomeReader, openServiceStore } from './store.js';

export type ListenerName = 'api' | 'publication' | 'operators';

export type RoleDefinition<HomeStore, Listener extends ListenerName, Parts> = {
  /**
   * Name of the lock that only one process of a home folder can have at a time; null: several
   * processes may run.
   */
  readonly lock: string | null;
  readonly store: (
    home: Home,
    use: { readonly continuity: Continuity; readonly lockWaited: (ms: number) => void },
  ) => Promise<Result<HomeStore, string>>;
  /** How the process remembers what it knows of the database. */
  readonly continuity: (markFile: string, log: Log) => HomeContinuity;
  /** Compares the database with what others know, before anything is answered from it. */
  readonly arm: (parts: OpenedDatabase<HomeStore>) => Promise<Result<void, string>>;
  /** Caller roles in which the process calls signers; each caller role has its own sockets. */
  readonly signers: readonly CallerRole[];
  /**
   * Whether the process starts the supervisor of signers that the configuration calls `supervised`.
   */
  readonly supervises: boolean;
  /** The listeners, in the order in which they are opened. */
  readonly listeners: readonly Listener[];
  readonly jobs: readonly Job<Parts>[];
};

type AllRow = RoleDefinition<Store, ListenerName, ServiceParts>;
type ResponderRow = RoleDefinition<ReaderStore, 'publication' | 'operators', ResponderParts>;

export const ROLES: { readonly all: AllRow; readonly responder: ResponderRow } = {
  all: {
    lock: 'service',
    store: openServiceStore,
    signers: ['api', 'worker', 'responder'],
    supervises: true,
    continuity: createRecordedContinuity,
    arm: armService,
    listeners: ['publication', 'operators', 'api'],
    jobs: SERVICE_JOBS,
  },
  responder: {
    lock: null,
    store: openHomeReader,
    signers: ['responder'],
    supervises: false,
    continuity: createContinuity,
    arm: armReader,
    listeners: ['publication', 'operators'],
    jobs: RESPONDER_JOBS,
  },
};
