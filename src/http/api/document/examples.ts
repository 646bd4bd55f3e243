/**
 * Complete example bodies for `/openapi.json`. A test checks them against the schemas, the policy
 * and the rules for keys. The private keys of the certification requests in them do not exist any
 * more, so a client must use its own requests.
 */

function pem(...base64: readonly string[]): string {
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...base64, '-----END CERTIFICATE REQUEST-----', ''].join('\n');
}

const CPS_AUTHENTICATION = pem(
  'MIHMMHQCAQAwEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABPOVVrk2udtxzGPis+wb0hYoX0PDjCWsWbvbMCExMkSSwz0pU9+rjsv8',
  'ghC3k+yMcDG3/6JfujBChQCYs0Dc5XWgADAKBggqhkjOPQQDAgNIADBFAiEAyj0O',
  'SHgK6vKAGCZKz3qdla+3f9yN5ctlVx3RzcmESMkCIDbFmhx5MWO1lw2zF72Oe6bI',
  'AeejRCTrkN6Ub7RSqPVF',
);
const CPS_SIGNATURE = pem(
  'MIHLMHQCAQAwEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABJQmRC26oHs0YR1IaidaIIBFg15sxY25aEE2yOjODPBxB5f68rWqwDm0',
  'mmgli5Cys1nXrkBlwc3d7JmMaavzibWgADAKBggqhkjOPQQDAgNHADBEAiArO/1r',
  'qcN6ixwY4bgixEGQIhiitgEGb5os5Xy1xh0ePAIgYLwJ0UcDrCa0rzDGzwdnjm+v',
  'hOjR0RbQ8ZcIhC+VJNk=',
);
const CPE_AUTHENTICATION = pem(
  'MIHMMHQCAQAwEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABF+ORiNwIIc7FAYdi5jIGkpLBc65FrKzrDInF4wOS+PPhKQ0ePXW5tSf',
  'cRclGuBWE8JOOtKtBDlTjc3NAJf6wHmgADAKBggqhkjOPQQDAgNIADBFAiBdAJC1',
  'J9IICcsudDPu70MKO9MdIS2wmyZHjIVtZbZJKwIhAL6eOkAUn6bNWlzPCg6IEoJw',
  '9wOaohLk8eJmGZ5HIfCf',
);
const CPE_SIGNATURE = pem(
  'MIHMMHQCAQAwEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABLBNMjoM0kpmsXMr7NBPGAtNYisXWwHm72nlp3Ah7K7I9IyzH+PNnsAq',
  'r86fG0wFEsfafgrL20MwGiso5YyZKqqgADAKBggqhkjOPQQDAgNIADBFAiASrjsF',
  'Wmi4TXPstvkzXbXyr1wn50INDFu139D11Q4XLgIhAOaWx0B3EPqCwFOIzeuMIYwi',
  'Cdbt0SZBOnCavKEG5LHk',
);
const ORGANISATION = pem(
  'MIHLMHQCAQAwEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABGOlpIwvd8SWgeQT+dbtQbMGjjwYs+kt3MQ1vx+zZw2+YHaqn1k5BSP1',
  '79vgzNOHYB9BMGRtycfI34Xjr6xgILGgADAKBggqhkjOPQQDAgNHADBEAiBrKvs8',
  'VDYceCLZK/b5HjEUF6nxYgUgHWTC9r6MaNCLqgIgZY050PPQRlGTCWL8QieFnJKR',
  'A2BRNLitxSzaxiWqAdA=',
);
const SERVER = pem(
  'MIHMMHQCAQAwEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABLxLQe9omg3eXSAfS4OsC1nVsccnHIFqNh1BoJBXx1a1aiQo3HWEpcD0',
  'MHQWuZgX4SbMiIx4I8lwCszv6T8805mgADAKBggqhkjOPQQDAgNIADBFAiEApo+o',
  '+MD0ulJynqwZ0GrbaJsEqCkDMdH8kUge0peneN4CIHH+EJTWcDxySSmHC/IjG1Ck',
  'wiO/BdH9calZV2RhSWHD',
);
const MAIL_SERVER = pem(
  'MIHLMHQCAQAwEjEQMA4GA1UEAwwHZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABFw2y/4Dv3Gtj/PV+2paXTM11nd/OM+UIBvGsetfUUmkasLNf59Mx49N',
  'i3lgEVOftrrBC0pQ8duugi1WBJb/7qWgADAKBggqhkjOPQQDAgNHADBEAiA2/yd8',
  'QD4M/SIDy9tlyOJKe7ickN89ue/WvbC84d+LigIgVnQu3uaEuAvo/Vc3alCKmMK0',
  'j+yUtatZKJII4vhvQcY=',
);

const STRUCTURE = { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' };

type Example = { readonly summary: string; readonly value: Readonly<Record<string, unknown>> };

const CARDS: Readonly<Record<string, Example>> = {
  cps: {
    summary:
      'CPS: a health professional, both certificates of the card, at /v1/cards/8025000001%2F2600301752/certificates',
    value: {
      holder: {
        kind: 'professional',
        idNat: '810002813839',
        givenName: 'Amélie',
        surname: 'DOCTEUR',
        profession: '10',
        title: 'Médecin',
      },
      card: { tokenId: '8025000001/2600301752', product: 'cps' },
      identity: { assurance: 'high', source: 'PSI', reference: 'psi-0001', verifiedAt: '2026-03-01T10:00:00Z' },
      requests: [
        { profile: 'fort/cps-authentication', keyOrigin: 'card', csr: CPS_AUTHENTICATION },
        { profile: 'fort/cps-signature', keyOrigin: 'card', csr: CPS_SIGNATURE },
      ],
    },
  },
  cpe: {
    summary:
      'CPE: staff of a structure, both certificates of the card, at /v1/cards/8025000001%2F2600301753/certificates',
    value: {
      holder: {
        kind: 'staff',
        idNat: '30B0057881/CPET0002',
        givenName: 'Claude',
        surname: 'EMPLOYE',
        title: 'Personnel santé ou social',
        structure: STRUCTURE,
      },
      card: { tokenId: '8025000001/2600301753', product: 'cpe' },
      requests: [
        { profile: 'standard/cpe-authentication', csr: CPE_AUTHENTICATION },
        { profile: 'standard/cpe-signature', csr: CPE_SIGNATURE },
      ],
    },
  },
};

const CERTIFICATES: Readonly<Record<string, Example>> = {
  organisation: {
    summary: 'An application of an organisation',
    value: {
      profile: 'elementaire/org-auth-cli',
      holder: { kind: 'organisation', application: 'INSI-MANU', structure: STRUCTURE },
      csr: ORGANISATION,
    },
  },
  server: {
    summary: 'A server; the first name becomes the common name',
    value: {
      profile: 'elementaire/serv-ssl',
      holder: { kind: 'server', names: ['lps.example.org', 'www.lps.example.org'], structure: STRUCTURE },
      csr: SERVER,
    },
  },
  mailServer: {
    summary: 'A mail server: its domain, and its addresses',
    value: {
      profile: 'elementaire/serv-smime',
      holder: {
        kind: 'server',
        names: ['mail.example.org'],
        emails: ['contact@mail.example.org'],
        structure: STRUCTURE,
      },
      csr: MAIL_SERVER,
    },
  },
};

/** Example bodies by the name of their schema, then by the name of the example. */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, Example>>>> = {
  CardRequest: CARDS,
  CertificateRequest: CERTIFICATES,
  ApprovalDecision: {
    approve: { summary: 'The second officer agrees', value: { decision: 'approve' } },
    refuse: {
      summary: 'An officer refuses',
      value: { decision: 'refuse', reason: 'The key is the one that was published.' },
    },
  },
  Revocation: { lost: { summary: 'A lost card', value: { reason: 'keyCompromise' } } },
};

const ISSUED_LINE: Readonly<Record<string, unknown>> = {
  card: '8025000001/2600301752',
  certificates: [
    {
      id: '019ca8f1-1f5c-7000-8000-000000000001',
      issuer: 'aci-fo-pp',
      notAfter: '2029-03-01T10:00:00Z',
      notBefore: '2026-03-01T10:00:00Z',
      profile: 'fort/cps-signature',
      serialNumber: '4f1c09a2d37be86510c4729f6b03d8e1',
      sha256: '9d2c41b07f5e6a3388c1d0e4b7a95f62c3d8e1f04a7b6950d21c8e3f7a6b5d40',
    },
  ],
  line: 1,
  outcome: 'issued',
};

const REFUSED_LINE: Readonly<Record<string, unknown>> = {
  card: '8025000001/2600301752',
  line: 2,
  outcome: 'refused',
  problem: {
    code: 'state-conflict',
    detail: 'an earlier line of this order has issued the certificates of the card',
    requestId: '019ca8f1-1f5c-7000-8000-000000000002',
    rule: 'card-once-in-order',
    status: 409,
    title: 'The current state does not allow this',
    type: 'urn:pfcng:problem:state-conflict',
  },
};

/** Example lines of NDJSON responses, by the name of the schema of a line. */
export const ANSWERED_LINES: Readonly<Record<string, Readonly<Record<string, Example>>>> = {
  OrderLine: {
    issued: { summary: 'The first line for a card is issued', value: ISSUED_LINE },
    refused: { summary: 'Another line for the card is refused', value: REFUSED_LINE },
  },
};
