/** What a CRL says of a certificate follows from what it has seen. */
import assert from 'node:assert/strict';
import { whatCrlSays } from '../../../../src/operations/certificates/read-listing.js';

const REVOKED = {
  state: { status: 'revoked', at: 500, reason: 'superseded', invalidityDate: null },
  notAfter: 2_000,
} as const;
const ISSUED = { state: { status: 'issued' }, notAfter: 2_000 } as const;
const crl = (change: number, listedSince = 0) => ({ seen: { change, listedSince } });

describe('what a CRL says of a certificate', () => {
  it('is that it is listed, if the CRL has seen its last change', () => {
    assert.equal(whatCrlSays(crl(7), REVOKED, [{ change: 7 }]), 'listed');
    assert.equal(whatCrlSays(crl(6), REVOKED, [{ change: 7 }]), 'later');
    assert.equal(whatCrlSays(crl(7), ISSUED, [{ change: 5 }, { change: 7 }]), 'not-listed');
    assert.equal(whatCrlSays(crl(0), ISSUED, [{ change: null }]), 'not-listed');
  });

  it('is that it is not listed any more, if it ended and was revoked before the CRL lists', () => {
    assert.equal(whatCrlSays(crl(7, 2_001), REVOKED, [{ change: 7 }]), 'not-listed');
    assert.equal(whatCrlSays(crl(7, 2_000), REVOKED, [{ change: 7 }]), 'listed');
  });

  it('is not known of a CRL that a ceremony has made', () => {
    assert.equal(whatCrlSays({ seen: null }, REVOKED, [{ change: 7 }]), 'unknown');
  });
});
