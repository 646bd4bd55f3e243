/** The listener of CMP over plain HTTP, and what it shares with the listener of the API. */
import { CMP_ADMISSION, type CmpServing } from '../../http/cmp/routes.js';
import { createCmpServer } from '../../http/cmp/server.js';
import { createAdmission } from '../../http/server/admission.js';
import type { Home } from '../home.js';
import type { Listener } from '../process.js';

export function cmpServing(parts: Omit<CmpServing, 'admission'>): CmpServing {
  const { world, trail, metrics } = parts;
  return { world, trail, metrics, admission: createAdmission(CMP_ADMISSION) };
}

export function cmpListener({ config }: Home, serving: CmpServing, connectionsMax: number): Listener {
  return { server: createCmpServer({ ...serving, connectionsMax }), address: config.listen.cmp };
}
