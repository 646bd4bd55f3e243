/** What relying parties may know of an installation: its CAs, lists and addresses. */
import type { Instant } from '../../kernel/clock.js';
import type { CrlScope } from '../../ports/store/crls.js';

export type PublicList = {
  readonly scope: CrlScope;
  readonly url: string;
  readonly thisUpdate: Instant;
  /** null: the file is not a CRL. */
  readonly nextUpdate: Instant | null;
  readonly bytes: number;
};

export type PublicAuthority = {
  /** `aci-fo-pp`. */
  readonly id: string;
  /** Common name of its certificate. */
  readonly name: string;
  readonly hierarchy: string;
  readonly kind: 'root' | 'issuing';
  readonly generation: number;
  readonly keyType: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** SHA-256 of the certificate, hex. */
  readonly sha256: string;
  /** Address of its certificate, DER. */
  readonly certificate: string;
  /** The lists that this server has now. */
  readonly lists: readonly PublicList[];
};

export type PublicState = {
  readonly isDevelopment: boolean;
  readonly authorities: readonly PublicAuthority[];
  /** Address of the CMS message with all certificates of CAs (RFC 5652, certs-only). */
  readonly chain: string;
  readonly ocsp: string;
  /** Object identifier of the policy in the certificates, and where the policy is published. */
  readonly policy: { readonly oid: string; readonly practiceStatement: string };
  /** The key that signs receipts of orders; null: this installation has none. */
  readonly platformKey: { readonly url: string; readonly sha256: string } | null;
};
