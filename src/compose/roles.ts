/**
 * The table of roles, which says what the processes of each role have. A process with several roles
 * has everything that any of its roles has. `service.ts` composes the processes that write to the
 * database, and `responder.ts` those that only read.
 */
import type { CallerRole } from '../../hsm/wire/permissions.js';
import type { Config } from '../config/load.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Role } from '../ports/node.js';

export type ListenerName = 'api' | 'proxy' | 'cmp' | 'publication' | 'operators';

type RoleRow = {
  /** `read`: the role only reads, so that a read-only replica of the database is enough. */
  readonly store: 'read' | 'write';
  /** Caller role in which the process calls signers; each caller role has its own sockets. */
  readonly calls: CallerRole;
  readonly listeners: readonly ListenerName[];
};

export const ROLES = {
  api: { store: 'write', calls: 'api', listeners: ['operators', 'api', 'proxy', 'cmp'] },
  responder: { store: 'read', calls: 'responder', listeners: ['operators', 'publication'] },
  worker: { store: 'write', calls: 'worker', listeners: ['operators'] },
  console: { store: 'write', calls: 'api', listeners: ['operators', 'api'] },
} as const satisfies { readonly [Name in Role]: RoleRow };

export type Roles = ReadonlySet<Role>;

const NAMES = Object.keys(ROLES) as readonly Role[];
/**
 * The roles of a service that consists of one process. `console` is not among them, because a
 * process with the role `api` serves the console too.
 */
export const WHOLE_SERVICE_ROLES: Roles = new Set(NAMES.filter((name) => name !== 'console'));

/** Parses the roles of a command: `all`, or names with commas between them. */
export function parseRoles(text: string): Result<Roles, string> {
  if (text === 'all') return ok(WHOLE_SERVICE_ROLES);
  const names = text.split(',');
  const roles = NAMES.filter((name) => names.includes(name));
  const unknown = names.find((name) => !roles.some((role) => role === name));
  if (unknown === undefined) return ok(new Set(roles));
  return err(`--roles ${text}: there is no role "${unknown}"; the roles are ${NAMES.join(', ')}, or all`);
}

/**
 * Returns the name of a process with the role `responder` alone, which is also the name of its
 * lock. `worker`: its number.
 */
export function responderName(worker: number): string {
  return `responder-${worker}`;
}

/** The roles of a process that only reads. */
export const RESPONDER_ALONE: Roles = new Set(['responder']);

export function isEveryRole(roles: Roles): boolean {
  return [...WHOLE_SERVICE_ROLES].every((role) => roles.has(role));
}

/**
 * Whether other processes may change the database: those of other nodes, and those of this home
 * folder that have the other roles.
 */
export function isDatabaseShared({ database }: Pick<Config, 'database'>, roles: Roles): boolean {
  return database.kind !== 'sqlite' || !isEveryRole(roles);
}

/** Returns the caller roles in which a process with these roles calls signers. */
export function callersOf(roles: Roles): readonly CallerRole[] {
  return [...new Set([...roles].map((role) => ROLES[role].calls))];
}

/** Whether a process with these roles writes to the database. */
export function hasWritingRole(roles: Roles): boolean {
  return [...roles].some((role) => ROLES[role].store === 'write');
}

/**
 * Returns what a process with these roles serves at the listener of the API: `console` stands for
 * the pages alone; null: the process has no such listener.
 */
export function servedByApi(roles: Roles): 'everything' | 'console' | null {
  return roles.has('api') ? 'everything' : roles.has('console') ? 'console' : null;
}

/**
 * The order in which listeners are opened. Relying parties are served first, and requests that
 * change something last.
 */
const LISTENER_ORDER: readonly ListenerName[] = ['publication', 'operators', 'api', 'proxy', 'cmp'];

/** Returns the listeners of a process with these roles, in the order in which they are opened. */
export function listenersOf(roles: Roles): readonly ListenerName[] {
  const wanted = new Set<ListenerName>([...roles].flatMap((role) => ROLES[role].listeners));
  return LISTENER_ORDER.filter((name) => wanted.has(name));
}
