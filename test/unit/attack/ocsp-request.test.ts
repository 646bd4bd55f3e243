/** OCSP requests with hidden content. */
import assert from 'node:assert/strict';
import { nullValue, octetString } from '../../../src/asn1/der-writer.js';
import { concat, toHex } from '../../../src/kernel/bytes.js';
import { plainRequest } from '../../../src/ocsp/encode.js';
import { readOcspRequest } from '../../../src/ocsp/request.js';
import { certIdOf, requestOf, SERIAL } from '../ocsp/fixture.js';

describe('an OCSP request', () => {
  it('is malformed if an element follows the NULL parameters of its hash, because the response would repeat it', () => {
    const parameters = concat([nullValue(), octetString(new Uint8Array(8))]);
    const read = readOcspRequest(requestOf([certIdOf(SERIAL, 'sha1', parameters)]));
    assert.equal(read.ok, false);
    assert.equal(!read.ok && read.error.kind, 'malformedRequest');
  });

  it('without optional elements equals its plain form', () => {
    const certIds = [certIdOf(SERIAL), certIdOf('7f', 'sha256')];
    assert.equal(toHex(plainRequest(certIds)), toHex(requestOf(certIds)));
  });
});
