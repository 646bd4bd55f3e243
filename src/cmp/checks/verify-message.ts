/**
 * Verifies the protection and the header of a message by the list of checks, and finds out for whom
 * it acts.
 */
import type { Principal } from '../../access/principal.js';
import { present } from '../../kernel/assert.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { CmpFault } from '../model.js';
import type { ProtectionUse } from '../protection/signature.js';
import { errorFault } from '../status-info.js';
import type { Check, CheckId } from './check.js';
import { type CheckContext, createContext } from './context.js';
import { Interrupted, type Interruption } from './interruption.js';
import {
  ACCOUNT,
  ALGORITHM,
  CERTIFICATE,
  CHAIN,
  KIND,
  MAC,
  PENDING,
  PROTECTED,
  REPLACED,
  REVOCATION,
  SIGNATURE,
  TRUST,
} from './protection.js';
import {
  BODY_SERVED,
  CERT_PROFILE,
  certProfileOf,
  IMPLICIT_CONFIRM,
  MESSAGE_TIME,
  RECIP_NONCE,
  REPETITION,
  SENDER_NONCE,
  TRANSACTION_ID,
  TRANSACTION_ID_LENGTH,
  VERSION,
} from './transaction.js';
import type { CheckWorld, ReceivedMessage, TransactionProtection, TransactionView } from './world.js';

/**
 * The checks of every message in their order; the first that fails answers. A1 is `decodeMessage`.
 * No check of part C looks at transactions before the message is authenticated, because its answer
 * would tell strangers about them.
 */

export const CHECKS: readonly Check[] = [
  VERSION,
  BODY_SERVED,
  PROTECTED,
  ALGORITHM,
  KIND,
  MAC,
  CERTIFICATE,
  CHAIN,
  TRUST,
  SIGNATURE,
  REVOCATION,
  ACCOUNT,
  REPLACED,
  PENDING,
  REPETITION,
  TRANSACTION_ID,
  TRANSACTION_ID_LENGTH,
  SENDER_NONCE,
  RECIP_NONCE,
  MESSAGE_TIME,
  IMPLICIT_CONFIRM,
  CERT_PROFILE,
];

/** A message that has passed the checks, or repeats one that has. */
export type VerifiedMessage = {
  readonly principal: Principal;
  /** The verified protection of the message, which decides on that of its answer. */
  readonly protection: ProtectionUse;
  /** null: the principal has none with this transactionID. */
  readonly transaction: TransactionView | null;
  /** How many transactions of the principal have not ended; null: they were not counted. */
  readonly open: number | null;
  /** Whether it has the octets of the first or of the latest message of its transaction. */
  readonly repeats: 'first' | 'latest' | null;
  /** The profile that the path or certProfile names; null: neither does. */
  readonly profile: string | null;
};

export type VerifyFailure =
  | {
      readonly kind: 'refused';
      readonly check: CheckId;
      readonly fault: CmpFault;
      /** null: the protection was not found to be right, so that the answer cannot have it. */
      readonly protection: ProtectionUse | null;
    }
  | Interruption;

export async function verifyMessage(
  world: CheckWorld,
  received: ReceivedMessage,
): Promise<Result<VerifiedMessage, VerifyFailure>> {
  try {
    return await runChecks(createContext(world, received));
  } catch (error) {
    if (error instanceof Interrupted) return err(error.interruption);
    throw error;
  }
}

async function runChecks(context: CheckContext): Promise<Result<VerifiedMessage, VerifyFailure>> {
  for (const { id, examine } of CHECKS) {
    const verdict = await examine(context);
    if (verdict === 'repeated') break;
    if (verdict === null) continue;
    const fault = errorFault(verdict.refused, verdict.text);
    return err({ kind: 'refused', check: id, fault, protection: context.protectionUse() });
  }
  const named = certProfileOf(context.message.header);
  return ok({
    principal: present(await context.principal(), 'the principal of a message that was verified'),
    protection: present(context.protectionUse(), 'the protection of a message that was verified'),
    transaction: await context.transaction(),
    open: await context.open(),
    repeats: await context.repetition(),
    profile: context.path.profile ?? (named === 'malformed' ? null : named),
  });
}

/** What a transaction that begins with this message stores of its protection. */
export function transactionProtectionOf(use: ProtectionUse): TransactionProtection {
  return use.kind === 'mac' ? { kind: 'mac', algorithm: use.identifier.oid } : use;
}
