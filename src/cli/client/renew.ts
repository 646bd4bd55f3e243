/**
 * Renews a certificate by EST with its own key, on a machine that has nothing else of this
 * platform: no home folder and no database.
 *
 * 1. What an earlier run left is completed: renames, then the command.
 * 2. Nothing happens before the certificate is due.
 * 3. A new key and its request are written and synced; those of an earlier run are used again.
 * 4. `simplereenroll`, again and again until it is answered. The same request gets the same
 *    certificate.
 * 5. The answer is checked and written; key and certificate are renamed into place; the command
 *    runs.
 */
import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Bilingual } from '../../kernel/bilingual.js';
import type { Instant } from '../../kernel/clock.js';
import { err, ok, type Result } from '../../kernel/result.js';
import type { Clock } from '../../ports/world.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import { readCertsOnly } from '../../x509/certificate/chain.js';
import type { TbsView } from '../../x509/model.js';
import { encodePem } from '../../x509/pem.js';
import { checkRenewed, endOf, pathTo, startOf } from './check-answer.js';
import { askEst, type EstClient, type EstFailure, type RetryWorld } from './est-server.js';
import { makeKeyLike, makeRenewalRequest } from './new-key.js';
import {
  commandIsDue,
  forgetRequest,
  install,
  isRequestFor,
  type RenewalFiles,
  readCertificates,
  readIfThere,
  readText,
  renewalFiles,
  writeNextCertificate,
  writeNextKey,
  writeRequest,
} from './renewal-files.js';

export type RenewalOptions = Pick<EstClient, 'url' | 'label'> & {
  /** Files in PEM. A chain may follow the certificate. */
  readonly certificate: string;
  readonly key: string;
  readonly trust: string;
  /** How long before its end the certificate is renewed; null: in the last third of its life. */
  readonly ifWithinMs: number | null;
};

export type RenewalWorld = RetryWorld & {
  readonly now: Clock;
  /** Runs after the files were replaced; false: it failed, and the next run calls it again. */
  readonly afterwards: () => boolean;
};

export type RenewalOutcome =
  | { readonly kind: 'renewed'; readonly notAfter: Instant }
  | { readonly kind: 'not-due'; readonly dueAt: Instant }
  /** The profile does not allow a renewal yet. */
  | { readonly kind: 'window-closed'; readonly words: string };

export type RenewalFailure =
  | EstFailure
  | { readonly kind: 'command-failed' }
  /** The certificate has ended, and nobody can sign in with it any more. */
  | { readonly kind: 'ended'; readonly notAfter: Instant }
  | { readonly kind: 'unusable'; readonly file: string; readonly why: Bilingual }
  | { readonly kind: 'wrong-answer'; readonly why: Bilingual };

/** The rule of the server that means "not yet". */
const NOT_YET = /\brenewal-window\b/;

/** Throws what the file system throws, with `path` and `code`. */
export async function renew(
  options: RenewalOptions,
  world: RenewalWorld,
): Promise<Result<RenewalOutcome, RenewalFailure>> {
  const files = renewalFiles(options);
  if (files.key === files.certificate)
    return unusable(files.key, {
      fr: 'clé et certificat dans un seul fichier',
      en: 'key and certificate are in one file',
    });
  if (install(files) || commandIsDue(files)) return finish(files, world);
  const held = readCurrent(files);
  if (!held.ok) return held;
  const { certificate } = held.value;
  const [start, end, now] = [startOf(certificate), endOf(certificate), world.now()];
  const dueAt = end - (options.ifWithinMs ?? (end - start) / 3);
  if (now < dueAt) return ok({ kind: 'not-due', dueAt });
  if (now >= end) return err({ kind: 'ended', notAfter: end });
  const request = prepare(files, held.value);
  if (!request.ok) return request;
  return submit({ options, world, files, held: held.value, request: request.value });
}

/** What the files of the certificate and of the key have. */
type CurrentPair = {
  /** PEM, with the chain. */
  readonly pem: string;
  readonly certificate: X509Certificate;
  /** The CA certificates that follow it in its file. */
  readonly chain: readonly X509Certificate[];
  readonly tbs: TbsView;
  readonly keyPem: string;
};

function readCurrent({ certificate: file, key }: RenewalFiles): Result<CurrentPair, RenewalFailure> {
  const [pem, keyPem] = [readText(file), readText(key)];
  const [certificate, ...chain] = readCertificates(pem);
  if (certificate === undefined) return unusable(file, { fr: 'aucun certificat en PEM', en: 'no certificate in PEM' });
  const view = readCertificate(new Uint8Array(certificate.raw));
  if (!view.ok) return unusable(file, { fr: 'certificat mal formé', en: 'the certificate is malformed' });
  if (!isPrivateKey(keyPem))
    return unusable(key, {
      fr: 'aucune clé privée en PEM, sans mot de passe',
      en: 'no private key in PEM without a password',
    });
  if (!certificate.checkPrivateKey(createPrivateKey(keyPem)))
    return unusable(key, { fr: "ce n'est pas la clé du certificat", en: 'it is not the key of the certificate' });
  return ok({ pem, certificate, chain, tbs: view.value.tbs, keyPem });
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return false;
  }
}

function unusable(file: string, why: Bilingual): Result<never, RenewalFailure> {
  return err({ kind: 'unusable', file, why });
}

/** The new key and its request, PEM. */
type NextPair = { readonly keyPem: string; readonly csrPem: string };

/** Takes what an earlier run left, so that the same request is sent again. */
function prepare(files: RenewalFiles, { tbs, keyPem: oldKey }: CurrentPair): Result<NextPair, RenewalFailure> {
  if (!existsSync(files.nextKey)) {
    const made = makeKeyLike(createPrivateKey(oldKey));
    if (made === null)
      return unusable(files.key, { fr: 'type de clé non pris en charge', en: 'keys of this type are not supported' });
    writeNextKey(files, made);
  }
  const keyPem = readText(files.nextKey);
  if (!isPrivateKey(keyPem)) return unusable(files.nextKey, { fr: 'aucune clé privée', en: 'no private key' });
  const left = readIfThere(files.request);
  if (left !== null && isRequestFor(left, createPrivateKey(keyPem))) return ok({ keyPem, csrPem: left });
  const csrPem = makeRenewalRequest(tbs, keyPem);
  if (csrPem === null)
    return unusable(files.nextKey, { fr: 'type de clé non pris en charge', en: 'keys of this type are not supported' });
  writeRequest(files, csrPem);
  return ok({ keyPem, csrPem });
}

type Submission = {
  readonly options: RenewalOptions;
  readonly world: RenewalWorld;
  readonly files: RenewalFiles;
  readonly held: CurrentPair;
  readonly request: NextPair;
};

async function submit({ options, world, files, held, request }: Submission) {
  const { url, label } = options;
  const trust = readText(options.trust);
  const client: EstClient = { url, label, trust, certificate: held.pem, key: held.keyPem };
  const body = request.csrPem.replace(/-----[^-]+-----/g, '').trim();
  const answer = await askEst(client, { operation: 'simplereenroll', body: `${body}\n` }, world);
  if (!answer.ok) {
    const { error } = answer;
    if (error.kind === 'refused' && NOT_YET.test(error.words))
      return ok<RenewalOutcome>({ kind: 'window-closed', words: error.words });
    return answer;
  }
  const certificates = certificatesOf(answer.value);
  const newKey = createPrivateKey(request.keyPem);
  const renewed = checkRenewed({ certificates, old: held.certificate, newKey });
  if (!renewed.ok) return err<RenewalFailure>({ kind: 'wrong-answer', why: renewed.error });
  const path = await findPath({
    client,
    world,
    trust,
    renewed: renewed.value,
    known: [...certificates, ...held.chain],
  });
  if (path === null) {
    const why = { fr: 'sa chaîne ne mène pas à --trust', en: 'its chain does not lead to --trust' };
    return err<RenewalFailure>({ kind: 'wrong-answer', why });
  }
  writeNextCertificate(files, path.map((one) => one.toString()).join(''));
  install(files);
  return finish(files, world);
}

/** Returns an empty list if the message cannot be parsed. */
function certificatesOf(message: Uint8Array): readonly X509Certificate[] {
  const found = readCertsOnly(message);
  return found.ok ? found.value.flatMap((der) => readCertificates(encodePem('CERTIFICATE', der))) : [];
}

type Search = {
  readonly client: EstClient;
  readonly world: RenewalWorld;
  readonly trust: string;
  readonly renewed: X509Certificate;
  readonly known: readonly X509Certificate[];
};

/** The answer need not have the CA (RFC 7030 4.2.3): after a new one it comes from `cacerts`. */
async function findPath({ client, world, trust, renewed, known }: Search) {
  const trusted = readCertificates(trust);
  const direct = pathTo(renewed, { trusted, others: known, now: world.now() });
  if (direct !== null) return direct;
  const answer = await askEst(client, { operation: 'cacerts', body: null }, world);
  const fetched = answer.ok ? certificatesOf(answer.value) : [];
  return pathTo(renewed, { trusted, others: [...known, ...fetched], now: world.now() });
}

function finish(files: RenewalFiles, { afterwards }: RenewalWorld): Result<RenewalOutcome, RenewalFailure> {
  const [certificate] = readCertificates(readText(files.certificate));
  if (!afterwards()) return err({ kind: 'command-failed' });
  forgetRequest(files);
  return ok({ kind: 'renewed', notAfter: certificate === undefined ? 0 : endOf(certificate) });
}
