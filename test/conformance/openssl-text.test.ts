/**
 * The certificates of CPE authentication and CPS signature as `openssl x509 -text` prints them,
 * line by line. What differs between certificates is masked: serial number, times, key, key
 * identifiers, and the address of the test's service.
 */
import assert from 'node:assert/strict';
import { createRelyingParty, type RelyingParty } from '../support/service/files.js';
import { openssl } from '../support/service/judges.js';
import { sharedService } from '../support/service/shared.js';
import { issueLikeTheField, type Specimen } from './specimens.js';

const HEAD = `
Certificate:
Data:
Version: 3 (0x2)
Serial Number:
<16 octets>
Signature Algorithm: sha256WithRSAEncryption
Issuer:
countryName = FR
organizationName = ASIP-SANTE
organizationalUnitName = 0002 187512751
organizationalUnitName = IGC-SANTE TEST`;

const KEY = `
Subject Public Key Info:
Public Key Algorithm: rsaEncryption
Public-Key: (2048 bit)
Modulus:
<257 octets>
Exponent: 65537 (0x10001)
X509v3 extensions:
X509v3 Basic Constraints:
CA:FALSE`;

const identifiersAndAddresses = (stem: string): string => `
X509v3 Subject Key Identifier:
<20 octets>
X509v3 Authority Key Identifier:
<20 octets>
X509v3 Certificate Policies:
Policy: 1.2.250.1.213.1.7.2.1.1.1.1
CPS: <base>/PC%20TEST
X509v3 CRL Distribution Points:
Full Name:
URI:<base>/CRL/${stem}.crl
X509v3 Freshest CRL:
Full Name:
URI:<base>/CRL/${stem}-delta.crl
Authority Information Access:
OCSP - URI:<base>/ocsp
CA Issuers - URI:<base>/AC/${stem}.cer`;

/** Category 80 (card, TEST), the product, and the token id. */
const card = (product: string): string => `
1.2.250.1.71.1.2.5:
prim: OCTET STRING
0000 - 80 .
1.2.250.1.71.1.2.2:
prim: INTEGER :${product}
1.2.250.1.71.1.2.3:
prim: PRINTABLESTRING :8025000001/2600301752`;

const EXPECTED: Readonly<Record<string, string>> = {
  'standard/cpe-authentication': `${HEAD}
commonName = TEST AC IGC-SANTE STANDARD PERSONNES
Validity
Not Before: <time>
Not After : <time>
Subject:
countryName = FR
stateOrProvinceName = Paris (75)
organizationName = CABINET M DOC0057881
organizationalUnitName = 10B0057881
title = Personnel santé ou social
givenName = Jeanne + surname = EMPLOYE0002 + commonName = 30B0057881/CPET0002${KEY}
X509v3 Key Usage: critical
Digital Signature
X509v3 Extended Key Usage:
TLS Web Client Authentication, Microsoft Smartcard Login${identifiersAndAddresses('ACI-ST-PP')}
X509v3 Subject Alternative Name:
othername: UPN:30B0057881/CPET0002@carte-cps.fr${card('02')}`,
  'fort/cps-signature': `${HEAD}
commonName = TEST AC IGC-SANTE FORT PERSONNES
Validity
Not Before: <time>
Not After : <time>
Subject:
countryName = FR
title = Infirmier
givenName = Amélie + surname = DOC0281383 + commonName = 810002813839${KEY}
X509v3 Key Usage: critical
Non Repudiation
X509v3 Extended Key Usage:
E-mail Protection${identifiersAndAddresses('ACI-FO-PP')}
X509v3 Private Key Usage Period:
Not Before: <time>, Not After: <time>${card('00')}
1.2.250.1.71.1.2.7:
prim: INTEGER :3C`,
};

describe('openssl x509 -text', () => {
  let party: RelyingParty;
  let specimens: readonly Specimen[];

  before(async function prepare() {
    const shared = await sharedService('rsa-4096');
    party = createRelyingParty(shared.service.urls.publication);
    specimens = await issueLikeTheField(shared.as('card-management'));
  });

  after(() => party.remove());

  for (const [profile, expected] of Object.entries(EXPECTED)) {
    it(`shows every field of ${profile} as the domain facts have it`, async () => {
      const specimen = specimens.find(({ issued }) => issued.profile === profile);
      assert.ok(specimen);
      const file = party.write('shown.pem', specimen.issued.certificate);
      const names = ['-nameopt', 'sep_multiline,utf8,lname,space_eq'];
      const shown = await openssl('x509', '-in', file, '-noout', '-text', ...names, '-certopt', 'ext_parse,no_sigdump');
      const base = /CA Issuers - URI:(http:\/\/[^/]+)/.exec(shown.output)?.[1] ?? '';
      assert.deepEqual(masked(shown.output, base), expected.trim().split('\n'));
    });
  }
});

const OCTET_LINE = /^(?:[0-9a-f]{2}:?)+$/i;

/** Removes indents and empty lines, and replaces runs of octets by their number. */
function masked(text: string, base: string): readonly string[] {
  const lines = text
    .replaceAll(base, '<base>')
    .replace(/[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT/g, '<time>')
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^0:d=0 +hl=\d l= *\d+ /, '')
        .replace(/ {2,}/g, ' '),
    )
    .filter((line) => line !== '');
  const shown: string[] = [];
  let octets = 0;
  for (const line of [...lines, '']) {
    if (OCTET_LINE.test(line)) octets += line.split(':').filter((octet) => octet !== '').length;
    else {
      if (octets > 0) shown.push(`<${octets} octets>`);
      octets = 0;
      if (line !== '') shown.push(line);
    }
  }
  return shown;
}
