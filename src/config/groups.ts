/**
 * Groups of this machine by name. systemd-sysusers writes the groups of services to /etc/group
 * (group(5)).
 */
import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../kernel/result.js';
import type { SignerSockets } from './schema/pkcs11.js';

export type SocketGroups = Readonly<Record<'api' | 'worker' | 'responder', number>>;

const GROUP_FILE = '/etc/group';

/** null: only the owner of the sockets may use them. */
export function findSocketGroups(sockets: SignerSockets | undefined): Result<SocketGroups | null, string> {
  if (sockets?.groups === undefined) return ok(null);
  const ids = groupIds(readFileSync(GROUP_FILE, 'utf8'));
  const { groups } = sockets;
  const api = ids.get(groups.api);
  const worker = ids.get(groups.worker);
  const responder = ids.get(groups.responder);
  if (api !== undefined && worker !== undefined && responder !== undefined) return ok({ api, worker, responder });
  const missing = Object.values(groups).filter((name) => !ids.has(name));
  return err(`signerSockets.groups: ${GROUP_FILE} has no group ${missing.join(', ')}`);
}

/** null: this machine has no such group. */
export function findGroup(name: string): number | null {
  return groupIds(readFileSync(GROUP_FILE, 'utf8')).get(name) ?? null;
}

/** Parses lines of `name:password:id:members`. */
export function groupIds(text: string): ReadonlyMap<string, number> {
  const entries = text.split('\n').flatMap((line): [string, number][] => {
    const [name = '', , id = ''] = line.split(':');
    return name !== '' && /^\d+$/.test(id) ? [[name, Number(id)]] : [];
  });
  return new Map(entries);
}
