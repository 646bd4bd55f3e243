/** What the checks of messages ask of this platform. */
import type { CheckWorld, TransactionProtection, TransactionView } from '../../cmp/checks/world.js';
import { present } from '../../kernel/assert.js';
import { type Bytes, fromHex, toHex } from '../../kernel/bytes.js';
import type { Json } from '../../kernel/json.js';
import { ok } from '../../kernel/result.js';
import type { CmpTransaction } from '../../ports/store/enrolment/cmp-transactions.js';
import { decoyOf, findReference } from '../enrolment/registration-secret.js';
import type { World } from '../world.js';
import { COUNTED_TRANSACTIONS, SAME_IDS } from './rows.js';

export function checkWorldOf(world: World): CheckWorld {
  const { store, policy, registrationKeys } = world;
  const { cmp } = policy.environment.enrolment;
  return {
    ...world.cmpParts,
    clock: world.clock,
    log: world.log,
    store,
    profiles: policy.profiles,
    issuers: world.issuers,
    blockedKeys: world.blockedKeys,
    settings: {
      messageTimeRequired: cmp.messageTimeRequired,
      clockToleranceMs: cmp.timeWindowMs,
      chainRequired: cmp.chainRequired,
      macLimits: {
        passwordBasedMacIterationsMax: cmp.pbmIterationsMax,
        pbkdf2IterationsMax: cmp.pbmac1IterationsMax,
      },
    },
    secretOf: async (reference) => {
      const found = await findReference(world, reference);
      if (!found.ok) return found;
      return ok(found.value ?? { principal: null, secret: decoyOf(registrationKeys, reference) });
    },
    secretFailed: (reference) => world.secretFailed?.(reference),
    transactions: lookUpTransactions(store),
  };
}

/** The look-ups for one message: the rows that `begun` has found are not read again by `of`. */
function lookUpTransactions(store: World['store']): CheckWorld['transactions'] {
  const read: CmpTransaction[] = [];
  return {
    begun: async (transactionId) => {
      const found = await store.groupedRead(SAME_IDS, toHex(transactionId));
      if (!found.ok) return found;
      read.push(...found.value);
      return ok(found.value.map(protectionOf));
    },
    of: async (principal, transactionId) => {
      const key = { principal, transactionId: toHex(transactionId) };
      const own = read.find((row) => row.principal === principal && row.transactionId === key.transactionId);
      if (own !== undefined) return ok({ transaction: viewOf(own), open: null });
      const found = await store.groupedRead(COUNTED_TRANSACTIONS, key);
      if (!found.ok) return found;
      const { transaction, open } = found.value;
      return ok({ transaction: transaction === null ? null : viewOf(transaction), open });
    },
  };
}

function viewOf(row: CmpTransaction): TransactionView {
  return {
    kind: row.kind,
    protection: protectionOf(row),
    profile: row.profile,
    firstSha256: row.requestSha256,
    latestSha256: row.lastSha256,
    clientNonces: row.nonces.received.map(octetsOf),
    ownNonce: octetsOf(row.nonces.sent),
  };
}

type StoredProtection =
  | { readonly kind: 'mac'; readonly algorithm: string }
  | { readonly kind: 'signature'; readonly certificate: string };

export function storedProtection(protection: TransactionProtection): Json {
  const stored: StoredProtection =
    protection.kind === 'mac'
      ? { kind: 'mac', algorithm: protection.algorithm }
      : { kind: 'signature', certificate: toHex(protection.certificate) };
  return stored as unknown as Json;
}

function protectionOf({ protection }: CmpTransaction): TransactionProtection {
  const stored = protection as unknown as StoredProtection;
  return stored.kind === 'mac' ? stored : { kind: 'signature', certificate: octetsOf(stored.certificate) };
}

function octetsOf(hex: string): Bytes {
  return present(fromHex(hex), 'octets in hexadecimal');
}
