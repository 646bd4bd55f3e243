import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from '../service/judges.js';
import type { Service } from '../service/service.js';

/** A receipt as the API shows it. */
export type ShownReceipt = { readonly receipt: string; readonly signature: string; readonly key: string };

/** The public key of the platform in DER, from the publication point. */
export async function publishedPlatformKey({ urls }: Pick<Service, 'urls'>): Promise<Buffer> {
  return Buffer.from(await (await fetch(`${urls.publication}/AC/platform.spki`)).arrayBuffer());
}

export function pemOf(spki: Buffer): string {
  return String(createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' }));
}

/** What `openssl dgst -sha256 -verify` says of the signature of a receipt. */
export async function judgeReceipt({ receipt, signature }: ShownReceipt, spki: Buffer): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-receipt-'));
  try {
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('key'), pemOf(spki));
    writeFileSync(path('der'), Buffer.from(signature, 'base64'));
    writeFileSync(path('signed'), `PFCNG receipt v1\0${receipt}`);
    const judged = await openssl('dgst', '-sha256', '-verify', path('key'), '-signature', path('der'), path('signed'));
    return judged.output.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
