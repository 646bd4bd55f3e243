/**
 * One to-be-signed certificate of a profile, made as the service makes it, to be multiplied: in a
 * process whose environment names the home.
 */
import { randomBytes } from 'node:crypto';
import { type Home, loadHome } from '../../src/compose/home.js';
import { type HomeIssuers, readIssuers } from '../../src/compose/issuers.js';
import { type Application, prepare, proveApplication, type VettedRequest, vet } from '../../src/issuance/prepare.js';
import type { CertificateOrder } from '../../src/policy/model.js';
import { encodeTbs } from '../../src/x509/certificate/certificate-writer.js';
import type { Issuer } from '../../src/x509/model.js';
import { type HolderKey, makeCsr, makeKey } from '../support/service/csr.js';
import { orderOf, type ProfileId } from '../support/service/orders.js';

const SERIAL_OCTETS = 16;
export const POINT_OCTETS = 64;

export type Template = {
  readonly issuer: Issuer;
  readonly plan: VettedRequest['plan'];
  readonly tbs: Buffer;
  /** Where the 16 octets of its serial number stand. */
  readonly serialAt: number;
  /**
   * Where 64 octets of the public key stand that differ from one to the next: a point's, or the
   * middle of a modulus.
   */
  readonly pointAt: number;
};

export type Templates = {
  readonly home: Home;
  readonly make: (profile: ProfileId, number: number) => Promise<Template>;
};

export function openTemplates(): Templates {
  const home = loadHome();
  if (!home.ok) throw new Error(home.error.faults.join('; '));
  const issuers = readIssuers(home.value);
  if (!issuers.ok) throw new Error(issuers.error);
  const of = (key: HolderKey, octetsFromEnd: number) => {
    const end = key.publicKey.export({ type: 'spki', format: 'der' }).subarray(-octetsFromEnd);
    return { csr: makeCsr(key), point: end.subarray(0, POINT_OCTETS) };
  };
  const ec = of(makeKey(), POINT_OCTETS);
  // What encrypts has RSA keys alone.
  let rsa: typeof ec | null = null;
  const make = async (profile: ProfileId, number: number): Promise<Template> => {
    if (profile === 'elementaire/org-conf') rsa ??= of(makeKey('rsa-3072'), 2 * POINT_OCTETS);
    const { csr, point } = profile === 'elementaire/org-conf' && rsa !== null ? rsa : ec;
    const known = { home: home.value, issuers: issuers.value };
    const { tbs, serial, ...rest } = await prepared(known, orderFor(profile, number), csr);
    return { ...rest, tbs, serialAt: tbs.indexOf(serial), pointAt: tbs.indexOf(point) };
  };
  return { home: home.value, make };
}

export function orderFor(profile: ProfileId, number?: number): CertificateOrder {
  const validity = { notBefore: null, notAfter: null };
  // As the API's handlers make it of a body.
  return {
    card: null,
    identity: null,
    keyOrigin: null,
    validity,
    ...orderOf(profile, number),
  } as unknown as CertificateOrder;
}

/** Canonical in DER whatever is drawn: top bit clear, not zero. */
export function newSerial(): Buffer {
  const serial = randomBytes(SERIAL_OCTETS);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

async function prepared(
  { home: { policy }, issuers }: { readonly home: Home; readonly issuers: HomeIssuers },
  order: CertificateOrder,
  csr: string,
) {
  const profile = policy.profiles.get(order.profile);
  const issuer = profile === undefined ? null : issuers.current(profile.authority);
  if (issuer === null) throw new Error(`${order.profile} has no issuer here`);
  const application: Application = { order, csr, pointer: '' };
  const now = Date.now();
  const proven = await proveApplication(application, { policy, now });
  const vetted = proven.ok ? vet(proven.value, { policy, issuer, now }) : proven;
  if (!vetted.ok) throw new Error(JSON.stringify(vetted.error));
  const serial = newSerial();
  const done = prepare(vetted.value, { policy, issuer, serial, now, write: encodeTbs });
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return { issuer, plan: vetted.value.plan, tbs: Buffer.from(done.value.tbs), serial };
}
