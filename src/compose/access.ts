/**
 * Reads the CAs of break-glass officers that the configuration names, each by the hash of its
 * certificate (ops/break-glass.md).
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AccessAuthority, accessAuthorityFault } from '../access/break-glass.js';
import type { Bytes } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Policy } from '../policy/model.js';
import type { IssuerId } from '../ports/signer.js';
import { readCertificate } from '../x509/certificate/certificate-reader.js';
import { isSelfSigned, issuerOf } from '../x509/certificate/issuer.js';
import { decodePem } from '../x509/pem.js';
import type { Home } from './home.js';

/**
 * Refuses a CA that violates a rule, and names the rule. The start then stops; otherwise the fault
 * would be noticed only on the day on which the CA is needed.
 */
export function readAccessAuthorities({ config, policy }: Home): Result<readonly AccessAuthority[], string> {
  const read: AccessAuthority[] = [];
  for (const { id, certificate, sha256 } of config.accessAuthorities) {
    const file = resolve(config.paths.home, certificate);
    const refuse = (why: string) => err(`accessAuthorities: ${id}, ${file}: ${why}`);
    if (read.some((one) => one.id === id)) return refuse('named twice');
    const der = readDer(file);
    if (!der.ok) return refuse(der.error);
    const found = sha256Hex(der.value);
    if (found !== sha256)
      return refuse(`its SHA-256 is ${found}, not the one named: compare it with the minutes of its ceremony`);
    const authority = authorityOf(der.value, policy);
    if (!authority.ok) return refuse(authority.error);
    read.push({ ...authority.value, id: id as IssuerId });
  }
  return ok(read);
}

function readDer(file: string): Result<Bytes, string> {
  try {
    const content = new Uint8Array(readFileSync(file));
    const pem = decodePem(new TextDecoder('latin1').decode(content), ['CERTIFICATE']);
    return ok(pem.ok ? pem.value : content);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

function authorityOf(der: Bytes, { environment }: Policy): Result<Omit<AccessAuthority, 'id'>, string> {
  const certificate = readCertificate(der);
  if (!certificate.ok) return err(`not a certificate (${certificate.error.rule})`);
  const issuer = issuerOf(certificate.value);
  if (!issuer.ok) return err(issuer.error.rule);
  const fault = accessAuthorityFault(certificate.value.tbs);
  if (fault !== null) return err(fault);
  if (!isSelfSigned(certificate.value)) return err('root-signs-itself');
  const unit = environment.names.organizationalUnit;
  const isOurs = issuer.value.subject.some((rdn) => rdn.some(({ value }) => value === unit));
  return isOurs ? issuer : err(`not of this environment: its name has no ${unit}`);
}
