/**
 * What the processes of each role have: the one table of roles. `service.ts` and `responder.ts`
 * build what it says.
 */
import type { CallerRole } from '../../hsm/wire/permissions.js';
import type { Job } from '../jobs/job.js';
import type { Result } from '../kernel/result.js';
import type { Store } from '../ports/store.js';
import type { Home } from './home.js';
import { RESPONDER_JOBS, type ResponderParts, SERVICE_JOBS, type ServiceParts } from './jobs.js';
import { openHomeReader, openHomeStore } from './store.js';

export type ListenerName = 'api' | 'publication' | 'operators';

export type RoleRow<HomeStore, Listener extends ListenerName, Parts> = {
  /** Lock that one process of a home has at a time; null: several processes may run. */
  readonly lock: string | null;
  readonly store: (home: Home) => Promise<Result<HomeStore, string>>;
  /** Roles in which the process calls signers: each has sockets of its own. */
  readonly signers: readonly CallerRole[];
  /** Whether the process starts the signers that the configuration calls `supervised`. */
  readonly supervises: boolean;
  /** In the order in which they begin to listen. */
  readonly listeners: readonly Listener[];
  readonly jobs: readonly Job<Parts>[];
};

type AllRow = RoleRow<Store, ListenerName, ServiceParts>;
type ResponderRow = RoleRow<Pick<Store, 'read' | 'groupedRead' | 'close'>, 'publication' | 'operators', ResponderParts>;

// biome-ignore format: an aligned table
export const ROLES: { readonly all: AllRow; readonly responder: ResponderRow } = {
  all:       { lock: 'service', store: openHomeStore,  signers: ['api', 'worker', 'responder'], supervises: true,
               listeners: ['publication', 'operators', 'api'], jobs: SERVICE_JOBS },
  responder: { lock: null,      store: openHomeReader, signers: ['responder'],                  supervises: false,
               listeners: ['publication', 'operators'],        jobs: RESPONDER_JOBS },
};
