import { ok } from '../../../kernel/result.js';
import { encodePem } from '../../../x509/pem.js';
import type { PrincipalHandler } from '../handler.js';

/** The handler that lists the public keys that verify receipts and webhooks. */
export const listKeys: PrincipalHandler = async ({ platformKey }) => {
  if (platformKey === null) return ok({ keys: [] });
  const { id, spki } = platformKey;
  const purposes = ['receipt', 'webhook'];
  return ok({ keys: [{ id, purposes, algorithm: 'ecdsa-p256-sha256', publicKey: encodePem('PUBLIC KEY', spki) }] });
};
