/** Whether the MAC of a message is right, and whose secret it was made with. */
import { timingSafeEqual } from 'node:crypto';
import { networkOf } from '../../../access/networks.js';
import type { Principal } from '../../../access/principal.js';
import { latin1, utf8 } from '../../../kernel/bytes.js';
import type { Result } from '../../../kernel/result.js';
import type { ProtectionAlgorithm } from '../../protection/algorithms.js';
import type { MacUse } from '../../protection/use.js';
import { uninterrupted } from '../interruption.js';
import type { CheckWorld, ReceivedMessage } from '../world.js';

/** null: the reference is unknown or the MAC is wrong. */
type MacEvidence = { readonly principal: Principal; readonly use: MacUse } | null;

/**
 * References and ids of accounts have at most 64 characters; PostgreSQL cannot compare with U+0000.
 * Some clients write the reference as the name that has it (`CN=reference`), which no reference
 * begins with.
 */
const REFERENCE = /^(?:CN=)?([!-~]{1,64})$/;

/** The work is the same for an unknown reference, whose secret nobody has. */
export async function macEvidence(
  world: Pick<CheckWorld, 'keyWork' | 'secretOf' | 'secretFailed'>,
  { message: { header, protectedPart, protection }, address }: Pick<ReceivedMessage, 'message' | 'address'>,
  algorithm: Result<ProtectionAlgorithm, string>,
): Promise<MacEvidence> {
  if (!algorithm.ok || algorithm.value.kind !== 'mac' || header.senderKID === null || protection === null) return null;
  const { identifier, mac } = algorithm.value;
  const [, reference = ''] = REFERENCE.exec(latin1(header.senderKID)) ?? [];
  const { principal, secret: secretText } = uninterrupted(await world.secretOf(reference));
  const secret = utf8(secretText);
  const network = networkOf(address);
  const key = uninterrupted(await world.keyWork.keyOf({ network, secret, identifier, mac }));
  const expected = mac.compute(key, protectedPart);
  const isRight = expected.length === protection.length && timingSafeEqual(expected, protection);
  if (!isRight || principal === null) {
    world.secretFailed(reference);
    return null;
  }
  world.keyWork.remember({ secret, identifier, mac }, key);
  return { principal, use: { kind: 'mac', identifier, mac, reference, secret, network } };
}
