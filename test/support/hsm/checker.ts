/**
 * A checker for tests of the signer, which reads only what it must return. Profiles are `test/leaf`
 * and `test/rare`. It does read serial numbers, CRL numbers and the first bytes, so that it refuses
 * wrong bytes.
 */
import type { Checker } from '../../../hsm/signer/check-port.js';
import type { Refusal } from '../../../hsm/wire/answers.js';
import { err, ok, type Result } from '../../../src/kernel/result.js';

const CRL_NUMBER_OID = Buffer.from('0603551d14', 'hex');
/** Two profiles: one without a practical limit, and one with three certificates an hour. */
const PER_HOUR_MAX: ReadonlyMap<string, number> = new Map([
  ['test/leaf', 10_000_000],
  ['test/rare', 3],
]);
/** The number of entries is computed from the length of the list, whose content is not read. */
const ENTRY_BYTES = 40;
const TAIL_BYTES = 512;

export const testChecker: Checker = {
  certificate(tbs, profile) {
    const perHourMax = PER_HOUR_MAX.get(profile);
    if (perHourMax === undefined) return err({ rule: 'test-profile', detail: `${profile} is no profile` });
    const serial = serialOf(Buffer.from(tbs));
    return serial === null ? err({ rule: 'test-form', detail: 'no version and serial' }) : ok({ serial, perHourMax });
  },
  responderCertificate: () => err({ rule: 'test-profile', detail: 'no responder here' }),
  ocsp: (_, issuer) => ok({ responses: 1, key: issuer }),
  cmpAnswer: () => err({ rule: 'test-profile', detail: 'no CMP key here' }),
  crl() {
    let tail = Buffer.alloc(0);
    let first: number | null = null;
    let bytesRead = 0;
    return {
      push(chunk): Result<void, Refusal> {
        first ??= chunk[0] ?? null;
        bytesRead += chunk.length;
        tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
        return first === 0x30 ? ok(undefined) : err({ rule: 'test-form', detail: 'no SEQUENCE' });
      },
      end() {
        const at = tail.indexOf(CRL_NUMBER_OID);
        // OID, OCTET STRING { INTEGER }.
        const length = tail[at + 8];
        if (at < 0 || length === undefined) return err({ rule: 'test-form', detail: 'no CRL number' });
        const number = BigInt(`0x${tail.subarray(at + 9, at + 9 + length).toString('hex')}`).toString();
        const entries = Math.floor(bytesRead / ENTRY_BYTES);
        return ok({ number, scope: 'full', base: null, thisUpdate: '2026-01-01T00:00:00Z', entries, removals: 0 });
      },
    };
  },
};

/** Serial of a v3 TBSCertificate, hex. */
function serialOf(tbs: Buffer): string | null {
  const content = 2 + ((tbs[1] ?? 0) > 0x80 ? (tbs[1] ?? 0) - 0x80 : 0);
  const version = Buffer.from('a003020102', 'hex');
  if (!tbs.subarray(content, content + version.length).equals(version)) return null;
  const at = content + version.length;
  const length = tbs[at + 1];
  if (tbs[at] !== 0x02 || length === undefined) return null;
  return tbs.subarray(at + 2, at + 2 + length).toString('hex');
}
