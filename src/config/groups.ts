/** Groups of this machine by name: those of services are in /etc/group (group(5)), which systemd-sysusers writes. */
import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '../kernel/result.js';
import type { SignerSockets } from './schema/index.js';

export type SocketGroups = Readonly<Record<'api' | 'worker' | 'responder', number>>;

const GROUP_FILE = '/etc/group';

/** Null where the sockets are their own user's alone. */
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

/** `name:password:id:members` a line. */
export function groupIds(text: string): ReadonlyMap<string, number> {
  const entries = text.split('\n').flatMap((line): [string, number][] => {
    const [name = '', , id = ''] = line.split(':');
    return name !== '' && /^\d+$/.test(id) ? [[name, Number(id)]] : [];
  });
  return new Map(entries);
}
