/** An issuer for tests that need only its names and its key: it has no certificate. */
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Issuer } from '../../../src/x509/model.js';

type Parts = Pick<Issuer, 'subjectDer' | 'spki' | 'signatureAlgorithm' | 'subjectKeyIdentifier'>;

export function bareIssuer({ subjectDer, spki, signatureAlgorithm, subjectKeyIdentifier }: Parts): Issuer {
  return {
    id: 'test-ca' as IssuerId,
    authority: 'test-ca',
    generation: 1,
    hierarchy: 'fort',
    kind: 'issuing',
    certificate: new Uint8Array(0),
    subjectDer,
    subject: [],
    spki,
    keyType: 'p-256',
    signatureAlgorithm,
    subjectKeyIdentifier,
    notBefore: 0,
    notAfter: 0,
  };
}
