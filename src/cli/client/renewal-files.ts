/**
 * The files of a renewal. They alone say how far it came, so that a run that was killed at any
 * moment is continued by the next one:
 *
 * - `KEY.next`: the new key;
 * - `KEY.next.csr`: its request, sent again until it is answered;
 * - `CERTIFICATE.next`: the new certificate, checked;
 * - `KEY.next.csr` without `KEY.next`: both are in their places, and the command is to be run.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readRegularFile } from '../../config/regular-file.js';
import { replaceFile, syncFolder } from '../../config/replace-file.js';
import { equalBytes } from '../../kernel/bytes.js';
import { parseCertificationRequest } from '../../x509/request/certification-request.js';
import { spkiOf } from './new-key.js';

export type RenewalFiles = {
  readonly certificate: string;
  readonly key: string;
  readonly nextCertificate: string;
  readonly nextKey: string;
  readonly request: string;
};

/** Links are followed, so that a rename replaces the file and not the link. */
export function renewalFiles(given: { readonly certificate: string; readonly key: string }): RenewalFiles {
  const [certificate, key] = [realpathSync(given.certificate), realpathSync(given.key)];
  const nextKey = `${key}.next`;
  return { certificate, key, nextCertificate: `${certificate}.next`, nextKey, request: `${nextKey}.csr` };
}

export function readText(file: string): string {
  return readRegularFile(file).toString('utf8');
}

/** null: no such file. */
export function readIfThere(file: string): string | null {
  return existsSync(file) ? readText(file) : null;
}

/** What cannot be read is left out. */
export function readCertificates(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

/** Writes the new key, readable by the owner of the old one only. */
export function writeNextKey({ key, nextKey }: RenewalFiles, pem: string): void {
  const { uid, gid } = statSync(key);
  // Only root may give a file to another user.
  const owned = process.getuid?.() === 0 ? { owner: { uid, gid } } : {};
  replaceFile(nextKey, pem, { part: `${nextKey}.part`, mode: 0o600, ...owned });
}

export function writeRequest({ request }: RenewalFiles, pem: string): void {
  replaceFile(request, pem, { part: `${request}.part`, mode: 0o600 });
}

export function writeNextCertificate({ certificate, nextCertificate }: RenewalFiles, pem: string): void {
  const { mode, uid, gid } = statSync(certificate);
  const owned = process.getuid?.() === 0 ? { owner: { uid, gid } } : {};
  replaceFile(nextCertificate, pem, { part: `${nextCertificate}.part`, mode: mode & 0o777, ...owned });
}

/**
 * Puts the new key, with the permissions of the old one, and then the new certificate into their
 * places. Does the rest of it if an earlier run was killed in between. Returns whether there was a
 * new certificate.
 */
export function install(files: RenewalFiles): boolean {
  const { certificate, key, nextCertificate, nextKey } = files;
  const next = readIfThere(nextCertificate);
  const leaf = next === null ? undefined : readCertificates(next)[0];
  if (leaf === undefined) return false;
  if (isKeyOf(leaf, nextKey)) {
    chmodSync(nextKey, statSync(key).mode & 0o777);
    renameSync(nextKey, key);
    syncFolder(dirname(key));
  }
  if (!isKeyOf(leaf, key)) {
    // Somebody has changed the files by hand: this certificate belongs to no key that is there.
    rmSync(nextCertificate);
    return false;
  }
  renameSync(nextCertificate, certificate);
  syncFolder(dirname(certificate));
  return true;
}

function isKeyOf(certificate: X509Certificate, file: string): boolean {
  const pem = readIfThere(file);
  return pem !== null && certificate.checkPrivateKey(createPrivateKey(pem));
}

/** Whether both files were replaced, and the command after it has not ended with success. */
export function commandIsDue({ key, nextKey, request }: RenewalFiles): boolean {
  if (existsSync(nextKey)) return false;
  const pem = readIfThere(request);
  return pem !== null && isRequestFor(pem, createPrivateKey(readText(key)));
}

export function isRequestFor(pem: string, key: KeyObject): boolean {
  const parsed = parseCertificationRequest(pem);
  return parsed.ok && equalBytes(parsed.value.spki, spkiOf(key));
}

/** The end of a renewal: the next one starts with a new key. */
export function forgetRequest({ request }: RenewalFiles): void {
  rmSync(request, { force: true });
  syncFolder(dirname(request));
}
