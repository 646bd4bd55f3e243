/** Without these, a renewal could carry another name, or common clients could not renew. */
import assert from 'node:assert/strict';
import { OID } from '../../../src/asn1/oids.js';
import { nameDifference, type RequestNames } from '../../../src/est/request.js';
import { writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import type { Attribute } from '../../../src/x509/model.js';

const attribute = (type: string, value: string, form: Attribute['form'] = 'utf8String'): Attribute => ({
  type,
  form,
  value,
});
const country = attribute(OID.countryName, 'FR', 'printableString');
const organisation = attribute(OID.organizationName, 'AGENCE DU NUMERIQUE');
const name = attribute(OID.commonName, 'a.example.org');
const names = (...values: readonly string[]) =>
  writeSubjectAltName(values.map((value) => ({ kind: 'dNSName', value })));

const RENEWED = { subject: [[country], [organisation], [name]], extensions: [names('a.example.org', 'b.example.org')] };

const differs = (asked: Partial<RequestNames>): boolean =>
  nameDifference({ subject: RENEWED.subject, extensions: [], changesSubjectName: false, ...asked }, RENEWED) !== null;

describe('the names of a request that renews a certificate', () => {
  it('are the same in other RDNs, another order, other strings, upper or lower case and other spaces', () => {
    assert.ok(!differs({}));
    assert.ok(!differs({ subject: [[name, country], [organisation]] }));
    const written = attribute(OID.organizationName, 'Agence  du Numerique ', 'printableString');
    assert.ok(!differs({ subject: [[country], [written], [name]] }));
    assert.ok(!differs({ extensions: [names('B.example.org', 'a.example.org')] }));
  });

  it('differ where an attribute or a name is another one, is missing, or is there twice', () => {
    assert.ok(differs({ subject: [] }));
    assert.ok(differs({ subject: [[name]] }));
    assert.ok(differs({ subject: [[country], [organisation], [name], [name]] }));
    assert.ok(differs({ subject: [[country], [organisation], [attribute(OID.commonName, 'c.example.org')]] }));
    assert.ok(differs({ extensions: [names('a.example.org')] }));
    assert.ok(differs({ extensions: [{ oid: OID.subjectAltName, critical: false, value: Uint8Array.of(0x30, 0) }] }));
    assert.ok(differs({ changesSubjectName: true }));
  });
});
