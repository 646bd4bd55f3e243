/**
 * A verifier of HTTP Message Signatures (RFC 9421), written from the standard and without the code
 * under test: it reads which components are covered, builds the signature base from the request
 * that came, and verifies it.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';

export type ReceivedRequest = {
  readonly method: string;
  readonly targetUri: string;
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
};

const COVERED = ['@method', '@target-uri', 'content-type', 'content-digest', 'webhook-id', 'webhook-timestamp'];

/** Why the request is not accepted; null: it is signed by this key over all that it must cover. */
export function signatureFault(request: ReceivedRequest, spki: Uint8Array): string | null {
  const input = /^([a-z][a-z0-9_.*-]*)=(\(([^)]*)\)(.*))$/.exec(field(request, 'signature-input') ?? '');
  if (input === null) return 'no Signature-Input with one label';
  const [, label = '', value = '', inner = '', rest = ''] = input;
  const components = inner.split(' ').map((item) => /^"([^"]+)"$/.exec(item)?.[1] ?? '');
  const missing = COVERED.filter((name) => !components.includes(name));
  if (missing.length > 0) return `not covered: ${missing.join(', ')}`;
  const params = new Map(
    [...rest.matchAll(/;([a-z]+)=("[^"]*"|\d+)/g)].map(([, name = '', text = '']) => [name, text]),
  );
  if (params.get('alg') !== '"ecdsa-p256-sha256"') return `algorithm ${params.get('alg')}`;
  if (params.get('tag') !== '"pfcng-webhook"') return `tag ${params.get('tag')}`;
  const keyId = createHash('sha256').update(spki).digest('hex');
  if (params.get('keyid') !== `"${keyId}"`) return `key ${params.get('keyid')}`;
  const digest = createHash('sha256').update(request.body).digest('base64');
  if (field(request, 'content-digest') !== `sha-256=:${digest}:`) return 'the digest is not that of the body';
  const lines = components.map((name) => `"${name}": ${componentOf(request, name)}`);
  const base = [...lines, `"@signature-params": ${value}`].join('\n');
  const encoded = new RegExp(`^${label}=:([A-Za-z0-9+/]+={0,2}):$`).exec(field(request, 'signature') ?? '')?.[1];
  const signature = Buffer.from(encoded ?? '', 'base64');
  if (signature.length !== 64) return `a signature of ${signature.length} octets`;
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const isVerified = verify('sha256', Buffer.from(base), { key, dsaEncoding: 'ieee-p1363' }, signature);
  return isVerified ? null : 'the signature does not verify';
}

function componentOf(request: ReceivedRequest, name: string): string {
  if (name === '@method') return request.method;
  if (name === '@target-uri') return request.targetUri;
  return (field(request, name) ?? '').trim();
}

function field({ headers }: ReceivedRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
