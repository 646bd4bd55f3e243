/**
 * Plans of an issuing CA whose root is on another machine: both sides, and the bundles that are
 * carried between them.
 */
type Plan = Readonly<Record<string, unknown>>;

/** The common part of the development plan of the hierarchy FORT. */
export type FortPlan = Plan & { readonly tokens: readonly { readonly name: string }[] };

export const REQUEST_BUNDLE = 'bundles/ask.json';
export const ANSWER_BUNDLE = 'bundles/answer.json';
export const INCOMING = { request: 'incoming/request.json', answer: 'incoming/answer.json' } as const;
const REQUEST = 'requests/aci-fo-pp.csr.pem';
const ANSWERED = ['authorities/acr-fo.cer', 'authorities/aci-fo-pp.cer', 'crl/ACR-FO.crl'] as const;

function variant(fort: FortPlan, token: 'root-fort' | 'ca-fort', members: Plan & { readonly id: string }): Plan {
  const key = `ceremony-${members.id}`;
  return {
    ...fort,
    ...(token === 'root-fort' ? {} : { quorum: { kind: 'none' } }),
    tokens: fort.tokens.filter(({ name }) => name === token),
    transcriptKey: { token, key },
    ...members,
  };
}

const transcriptKey = (token: string, id: string) => ({
  do: 'generate-key',
  token,
  key: `ceremony-${id}`,
  keyType: 'p-256',
});

/** The root alone, and its first list. */
export function rootPlan(fort: FortPlan): Plan {
  return variant(fort, 'root-fort', {
    id: 'fort',
    steps: [
      { do: 'initialise-token', token: 'root-fort' },
      transcriptKey('root-fort', 'fort'),
      { do: 'generate-key', token: 'root-fort', key: 'acr-fo' },
      { do: 'create-root', authority: 'acr-fo', token: 'root-fort', output: ANSWERED[0] },
      {
        do: 'sign-crl',
        issuer: 'acr-fo',
        token: 'root-fort',
        number: 1,
        nextUpdate: { years: 1 },
        output: ANSWERED[2],
      },
    ],
    outputs: [ANSWERED[0], ANSWERED[2]],
  });
}

/** On the online machine: the CA's token, its key, and the request for its certificate. */
export function askPlan(fort: FortPlan): Plan {
  return variant(fort, 'ca-fort', {
    id: 'ask',
    steps: [
      { do: 'initialise-token', token: 'ca-fort' },
      transcriptKey('ca-fort', 'ask'),
      { do: 'generate-key', token: 'ca-fort', key: 'aci-fo-pp' },
      { do: 'request-certificate', authority: 'aci-fo-pp', token: 'ca-fort', output: REQUEST },
      { do: 'export-bundle', files: [REQUEST], output: REQUEST_BUNDLE },
    ],
    outputs: [REQUEST, REQUEST_BUNDLE],
  });
}

/** At the root: imports the request and exports the certificate. */
export function answerPlan(fort: FortPlan, sha256 = '*'): Plan {
  return variant(fort, 'root-fort', {
    id: 'answer',
    steps: [
      transcriptKey('root-fort', 'answer'),
      { do: 'read-key', token: 'root-fort', key: 'acr-fo' },
      { do: 'import-bundle', bundle: INCOMING.request, sha256, files: [REQUEST] },
      {
        do: 'create-issuing-authority',
        authority: 'aci-fo-pp',
        request: REQUEST,
        issuer: 'acr-fo',
        token: 'root-fort',
        output: ANSWERED[1],
      },
      { do: 'export-bundle', files: ANSWERED, output: ANSWER_BUNDLE },
    ],
    outputs: [REQUEST, ANSWERED[1], ANSWER_BUNDLE],
  });
}

/**
 * On the online machine again: the certificate is compared with the key, and the first list is
 * signed.
 */
export function takePlan(fort: FortPlan): Plan {
  return variant(fort, 'ca-fort', {
    id: 'take',
    steps: [
      transcriptKey('ca-fort', 'take'),
      { do: 'import-bundle', bundle: INCOMING.answer, sha256: '*', files: ANSWERED },
      { do: 'read-key', token: 'ca-fort', key: 'aci-fo-pp' },
      {
        do: 'sign-crl',
        issuer: 'aci-fo-pp',
        token: 'ca-fort',
        number: 1,
        nextUpdate: 'policy',
        output: 'crl/ACI-FO-PP.crl',
      },
    ],
    outputs: [...ANSWERED, 'crl/ACI-FO-PP.crl'],
  });
}
