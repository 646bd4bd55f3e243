/** CRLs of roots as ceremonies make them, signed with software keys. */
import { type KeyObject, sign } from 'node:crypto';
import { type CrlTimes, encodeRootCrl, joinRootCrl } from '../../../src/ceremony/root-crl.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import type { RevokedEntry } from '../../../src/ports/store/crls.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { hashFor } from '../../../src/x509/keys/algorithms.js';
import type { Issuer } from '../../../src/x509/model.js';
import { NOW } from '../../unit/policy/fixtures.js';

type RootListOptions = {
  readonly root: Issuer;
  readonly key: KeyObject;
  readonly number: number;
  readonly revoked: readonly Issuer[];
  readonly reason?: RevokedEntry['reason'];
};

export function rootListOf({ root, key, number, revoked, reason = 'keyCompromise' }: RootListOptions): Buffer {
  const times: CrlTimes = { number, thisUpdate: NOW + number * DAY_MS, nextUpdate: NOW + (number + 365) * DAY_MS };
  const entries = revoked.map((issuer) => ({ serial: serialOf(issuer), at: NOW, reason, invalidityDate: null }));
  const tbs = encodeRootCrl(
    root,
    times,
    entries.sort((one, other) => (one.serial < other.serial ? -1 : 1)),
  );
  const signature = new Uint8Array(sign(hashFor(root.signatureAlgorithm), tbs, key));
  return Buffer.from(joinRootCrl(tbs, root, signature));
}

function serialOf({ certificate }: Issuer): string {
  const read = readCertificate(certificate);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.tbs.serial;
}
