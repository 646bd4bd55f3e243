/**
 * Reads the access CAs that the configuration names, and checks that the certificate of each has
 * the SHA-256 that the configuration states (ops/break-glass.md).
 */
import { resolve } from 'node:path';
import { type AccessAuthority, accessAuthorityFault } from '../access/break-glass.js';
import type { Config } from '../config/load.js';
import { tryReadRegularFile } from '../config/regular-file.js';
import type { Bytes } from '../kernel/bytes.js';
import { sha256Hex } from '../kernel/digest.js';
import { err, ok, type Result } from '../kernel/result.js';
import type { Policy } from '../policy/model.js';
import type { IssuerId } from '../ports/signer.js';
import { readCertificate } from '../x509/certificate/certificate-reader.js';
import { isSelfSigned, issuerOf } from '../x509/certificate/issuer.js';
import { decodePem } from '../x509/pem.js';
import type { Home } from './home.js';

type NamedAuthority = Config['accessAuthorities'][number];

/**
 * A CA that is refused. `file`: the path of its certificate; `why`: the rule that it violates, or
 * why it cannot be read.
 */
type AccessFault = { readonly id: string; readonly file: string; readonly why: string };

/**
 * Reads the access CAs that the configuration names. The error lists each CA that is refused, with
 * the reason. The service then does not start: otherwise the fault would be noticed only on the day
 * on which the CA is needed.
 */
export function readAccessAuthorities(home: Home): Result<readonly AccessAuthority[], readonly AccessFault[]> {
  const named = home.config.accessAuthorities;
  const read = named.map((one, at) => {
    const isTwice = named.findIndex(({ id }) => id === one.id) < at;
    return isTwice ? err(faultOf(home, one, 'named twice')) : readAccessAuthority(home, one);
  });
  const faults = read.flatMap((one) => (one.ok ? [] : [one.error]));
  return faults.length > 0 ? err(faults) : ok(read.flatMap((one) => (one.ok ? [one.value] : [])));
}

export function accessFaultLines(faults: readonly AccessFault[]): readonly string[] {
  return faults.map(({ id, file, why }) => `accessAuthorities: ${id}, ${file}: ${why}`);
}

function faultOf({ config }: Home, { id, certificate }: NamedAuthority, why: string): AccessFault {
  return { id, file: resolve(config.paths.home, certificate), why };
}

function readAccessAuthority(home: Home, named: NamedAuthority): Result<AccessAuthority, AccessFault> {
  const refuse = (why: string) => err(faultOf(home, named, why));
  const der = readDer(resolve(home.config.paths.home, named.certificate));
  if (!der.ok) return refuse(der.error);
  const found = sha256Hex(der.value);
  if (found !== named.sha256)
    return refuse(`its SHA-256 is ${found}, not the one named: compare it with the minutes of its ceremony`);
  const authority = authorityOf(der.value, home.policy);
  return authority.ok ? ok({ ...authority.value, id: named.id as IssuerId }) : refuse(authority.error);
}

function readDer(file: string): Result<Bytes, string> {
  const content = tryReadRegularFile(file);
  if (!content.ok) return err(content.error.en);
  const pem = decodePem(new TextDecoder('latin1').decode(content.value), ['CERTIFICATE']);
  return ok(pem.ok ? pem.value : content.value);
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
