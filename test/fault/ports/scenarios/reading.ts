/** What pages and routes only read. */
import { ok } from '../../../../src/kernel/result.js';
import { listAuthorities, readAuthority } from '../../../../src/operations/crl/read-authorities.js';
import { CARD_MANAGEMENT } from '../stage.js';
import type { Scenario } from './all.js';

export const READING: readonly Scenario[] = [
  {
    name: 'list the CAs',
    operation: listAuthorities,
    run: async ({ world }) => {
      const found = await listAuthorities(world, CARD_MANAGEMENT);
      return found.ok ? ok([]) : found;
    },
  },
  {
    name: 'read a CA',
    operation: readAuthority,
    run: async ({ world }) => {
      const [issuer] = world.issuers.all();
      const found = await readAuthority(world, CARD_MANAGEMENT, issuer?.id ?? '');
      return found.ok ? ok([]) : found;
    },
  },
];
