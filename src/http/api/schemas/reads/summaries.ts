/** Schemas of summaries of certificates, which contain no names of holders. */
import {
  anyText,
  certificateStatus,
  component,
  instant,
  nullable,
  object,
  profile,
  REASONS,
  serialNumber,
} from '../parts.js';

const SUMMARY = {
  id: anyText('Id of the certificate on this platform.'),
  profile,
  ca: anyText('Issuing CA, e.g. aci-fo-pp.'),
  serialNumber,
  status: certificateStatus,
  notBefore: instant('First instant of validity.'),
  notAfter: instant('Last instant of validity.'),
  issuedAt: instant('When it was issued.'),
  holder: anyText('Id of the holder.'),
  structure: nullable(anyText('Id of the structure; null: the holder has none.')),
  card: nullable(anyText('Token id of the card; null: it is on none.')),
  order: nullable(anyText('Id of the order that it was issued for; null: a single request.')),
  renews: nullable(anyText('Id of the certificate that it renews.')),
  renewedBy: nullable(anyText('Id of the newest certificate that renews it; null: none does.')),
  revokedAt: nullable(instant('When it was revoked or suspended.')),
  reason: nullable({ type: 'string', enum: REASONS, description: 'certificateHold: it is suspended.' }),
} as const;

export const certificateSummary = object(SUMMARY, Object.keys(SUMMARY) as (keyof typeof SUMMARY)[]);

export const certificateSummaries = object(
  {
    certificates: {
      type: 'array',
      items: component('CertificateSummary'),
      description: 'In the order of the search.',
    },
    nextCursor: nullable({
      type: 'string',
      description: 'There may be more, even after a page with fewer certificates than its limit, or with none.',
    }),
  },
  ['certificates', 'nextCursor'],
);
