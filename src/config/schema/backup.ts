/** Backups (ops/backup.md). */

export const backupSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    recipients: {
      description:
        'Files with the certificates (PEM or DER) for which backups are encrypted: of two officers at least, so that one can be ' +
        'absent. Their keyUsage has keyEncipherment (RSA) or keyAgreement (EC).',
      type: 'array',
      minItems: 2,
      maxItems: 16,
      uniqueItems: true,
      items: { type: 'string', pattern: '^/' },
    },
  },
  default: {},
} as const;

export type BackupConfig = { readonly recipients?: readonly string[] };
