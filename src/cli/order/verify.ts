/**
 * `pfcng order verify`: checks the receipt of an order and the files that it names, with the public
 * key of the platform. It needs no service and no home folder. ops/orders.md has the same checks as
 * commands of OpenSSL.
 */
import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { readRegularFile } from '../../config/regular-file.js';
import { type Bilingual, inBothLanguages } from '../../kernel/bilingual.js';
import { fromBase64 } from '../../kernel/bytes.js';
import { sha256HexOfStream } from '../../kernel/digest.js';
import { membersOf, parseJson } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import {
  type PlatformKey,
  platformKeyOf,
  type Receipt,
  readReceipt,
  receiptOctets,
  verifiesPlatformSignature,
} from '../../orders/receipt.js';
import { fail, say } from '../../terminal/say.js';
import { decodePem } from '../../x509/pem.js';

/** Paths of the files. */
type OrderFiles = {
  /** The answer of `GET /v1/orders/{id}/receipt`. */
  readonly receipt: string;
  /** The public key of the platform, PEM or DER. */
  readonly key: string;
  readonly results: string;
  readonly request?: string;
  readonly bundle?: string;
};

export function registerVerify(order: Command): void {
  order
    .command('verify')
    .description('check a receipt and the files that it names, without a service')
    .requiredOption('--receipt <file>', 'the receipt, as the API has answered it')
    .requiredOption('--key <file>', 'the public key of the platform, PEM or DER (/AC/platform.spki)')
    .requiredOption('--results <file>', 'the results')
    .option('--request <file>', 'the file that was submitted')
    .option('--bundle <file>', 'the bundle for the card bureau')
    .option('--json', 'print the receipt as JSON')
    .action(async ({ json, ...files }: OrderFiles & { readonly json?: boolean }) => {
      const verified = await verifyOrderFiles(files);
      if (!verified.ok) return fail(verified.error.map(inBothLanguages));
      if (json === true) return say(JSON.stringify(verified.value));
      const { order: id, state, lines, finishedAt } = verified.value;
      const words = {
        fr: `le reçu est authentique et les fichiers sont les siens : commande ${id}, ${state} le ${finishedAt}, ${lines} lignes`,
        en: `the receipt is genuine and the files are those of it: order ${id}, ${state} at ${finishedAt}, ${lines} lines`,
      };
      say(inBothLanguages(words));
    });
}

/** Returns the receipt if all is as it says; otherwise everything that is not. */
export async function verifyOrderFiles(files: OrderFiles): Promise<Result<Receipt, readonly Bilingual[]>> {
  const key = readKey(files.key);
  if (!key.ok) return err([key.error]);
  const receipt = await readSignedReceipt(files.receipt, key.value);
  if (!receipt.ok) return err([receipt.error]);
  const { requestSha256, resultsSha256, bundleSha256 } = receipt.value;
  const expected = [
    [files.request, requestSha256],
    [files.results, resultsSha256],
    [files.bundle, bundleSha256],
  ] as const;
  const faults: Bilingual[] = [];
  for (const [file, sha256] of expected) {
    if (file === undefined) continue;
    const found = await sha256HexOfStream(createReadStream(file));
    if (found !== sha256) faults.push(differs(file, { found, sha256 }));
  }
  return faults.length === 0 ? receipt : err(faults);
}

function differs(file: string, { found, sha256 }: { readonly found: string; readonly sha256: string }): Bilingual {
  return {
    fr: `${file} n'est pas le fichier que nomme le reçu : SHA-256 ${found} au lieu de ${sha256}`,
    en: `${file} is not the file that the receipt names: SHA-256 ${found} instead of ${sha256}`,
  };
}

function readKey(file: string): Result<PlatformKey, Bilingual> {
  const content = new Uint8Array(readRegularFile(file));
  const pem = decodePem(new TextDecoder().decode(content), ['PUBLIC KEY']);
  const key = platformKeyOf(pem.ok ? pem.value : content);
  if (key !== null) return ok(key);
  return err({
    fr: `${file} n'est pas la clé publique d'une plate-forme (courbe P-256, en PEM ou en DER)`,
    en: `${file} is not the public key of a platform (curve P-256, PEM or DER)`,
  });
}

async function readSignedReceipt(file: string, key: PlatformKey): Promise<Result<Receipt, Bilingual>> {
  const {
    receipt: text,
    signature,
    key: keyId,
    logProof,
    ...others
  } = membersOf(parseJson(readRegularFile(file).toString('utf8')));
  const der = typeof signature === 'string' ? fromBase64(signature) : null;
  if (typeof text !== 'string' || der === null || logProof !== null || Object.keys(others).length > 0)
    return err({
      fr: `${file} n'est pas la réponse de GET /v1/orders/{id}/receipt`,
      en: `${file} is not an answer of GET /v1/orders/{id}/receipt`,
    });
  if (keyId !== key.id || !(await verifiesPlatformSignature(key, receiptOctets(text), der)))
    return err({
      fr: `${file} : la signature ne se vérifie pas avec cette clé (${key.id}) : le reçu a été modifié, ou la clé est une autre`,
      en: `${file}: the signature does not verify with this key (${key.id}): the receipt was altered, or the key is another`,
    });
  const receipt = readReceipt(text);
  if (receipt.ok) return receipt;
  return err({ fr: `${file} : le reçu est mal formé`, en: `${file}: the receipt is malformed: ${receipt.error}` });
}
