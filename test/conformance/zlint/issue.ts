/**
 * Certificates of a running service for holders of any name: every profile with every key type, and
 * then more on keys that are quick to make.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CertificateOrder } from '../../../src/policy/model.js';
import type { Client, IssuedCertificate } from '../../support/service/client.js';
import { makeCsr } from '../../support/service/csr.js';
import { nextNumber, orderOf, PROFILES, type ProfileId, tokenId } from '../../support/service/orders.js';
import { asked, type HolderOrder } from '../holders/holders.js';
import { createKeyMaker, type KeyMaker } from '../paths/holder-keys.js';

const ASKED_AT_ONCE = 8;
const SEED = 5_280;

type ProfileAndKey = { readonly profile: ProfileId; readonly keyType: string };

/** The key types that the service reports for the profiles of production, exceptions included. */
async function everyTypeOfKey(cards: Client): Promise<readonly ProfileAndKey[]> {
  type ProfileList = { readonly profiles: readonly { readonly id: ProfileId; readonly keyTypes: readonly string[] }[] };
  const { profiles } = await cards.expect<ProfileList>('GET', '/v1/profiles');
  // Profiles for the development only have other keys and no random holders.
  return profiles
    .filter(({ id }) => PROFILES.includes(id))
    .flatMap(({ id, keyTypes }) => keyTypes.map((keyType) => ({ profile: id, keyType })));
}

/** Issues `count` certificates, in any order. */
export async function issueMany(cards: Client, count: number): Promise<readonly IssuedCertificate[]> {
  const pairs = await everyTypeOfKey(cards);
  // An RSA key takes a second to make; zlint does not support brainpool.
  const quick = pairs.filter(({ keyType }) => !/^(?:rsa|brainpool)-/.test(keyType));
  const wanted = [...pairs];
  for (let at = 0; wanted.length < count; at += 1) wanted.push(quick[at % quick.length] as ProfileAndKey);
  const holders = holdersFor(wanted.map(({ profile }) => profile));
  const makeKey = createKeyMaker();
  const issued: IssuedCertificate[] = [];
  const next = wanted.map((one, at) => ({ ...one, holder: holders[at] as CertificateOrder['holder'] })).values();
  const work = async (): Promise<void> => {
    for (const one of next)
      issued.push(await cards.expect<IssuedCertificate>('POST', '/v1/certificates', { body: bodyFor(one, makeKey) }));
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, work));
  return issued;
}

function bodyFor({ profile, keyType, holder }: ProfileAndKey & Pick<CertificateOrder, 'holder'>, makeKey: KeyMaker) {
  const number = nextNumber();
  const order = orderOf(profile, number);
  const card = 'card' in order ? { card: { ...(order.card as object), tokenId: tokenId(number) } } : {};
  return { ...order, ...card, holder, csr: makeCsr(makeKey(keyType)) };
}

/** Random holders of the kind that each profile needs, the same in every run. */
function holdersFor(profiles: readonly ProfileId[]): readonly CertificateOrder['holder'][] {
  const pool = new Map<string, CertificateOrder['holder'][]>();
  for (const profile of profiles) assert.ok(PROFILES.includes(profile), `${profile} has no random holders`);
  let seed = SEED;
  return profiles.map((profile) => {
    for (;;) {
      const known = pool.get(profile)?.pop();
      if (known !== undefined) return known;
      seed += 1;
      const sample: readonly HolderOrder[] = fc.sample(asked, { numRuns: 500, seed });
      for (const { order } of sample) pool.set(order.profile, [...(pool.get(order.profile) ?? []), order.holder]);
    }
  });
}
