/**
 * The folder of a simulated card: a SoftHSM token with the keys, which never leave it, and the file
 * `card.json`, which stands for the files of a card: its number, its containers with their
 * certificates, and which set is in use. The file is replaced as a whole, so that a write takes
 * effect or does not. A copy of each certificate, named after its key, is there for people.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CeremonyToken, createCeremonyToken, openCeremonyToken } from '../../../../hsm/pkcs11/ceremony-token.js';
import { OID } from '../../../asn1/oids.js';
import { type Bytes, equalBytes, toHex } from '../../../kernel/bytes.js';
import { sha256Hex } from '../../../kernel/digest.js';
import { signatureAlgorithmFor } from '../../../x509/keys/algorithms.js';
import type { KeyType } from '../../../x509/model.js';
import { encodePem } from '../../../x509/pem.js';
import { assembleRequest, encodeRequestInfo } from '../../../x509/request/certification-request-writer.js';
import { type Fault, Interrupted } from './faults.js';

export type Container = {
  /** What the key is for: `authentication`, `signature`. */
  readonly use: string;
  /** Sets are numbered in the order in which they were made, from 1. */
  readonly set: number;
  readonly keyType: KeyType;
  /** PEM; null: no certificate is written yet. */
  readonly certificate: string | null;
};

type CardFile = {
  /** The card number (token id); null: no certificate was ever written. */
  readonly number: string | null;
  /** The set that the card signs with. */
  readonly set: number;
  readonly containers: readonly Container[];
};

export type SimulatedCard = {
  readonly file: () => CardFile;
  /** The containers of the set in use. */
  readonly present: () => readonly Container[];
  readonly makeKey: (container: Pick<Container, 'use' | 'set' | 'keyType'>) => Promise<Container>;
  /** A certification request of the key in this container, PEM (RFC 2986). */
  readonly request: (container: Container) => Promise<string>;
  readonly sign: (container: Container, octets: Bytes) => Promise<Bytes>;
  readonly hasKeyOf: (pem: string) => Promise<boolean>;
  /** Writes a certificate into the container that has its key; false: no container has it. */
  readonly writeCertificate: (pem: string) => Promise<boolean>;
  readonly setNumber: (number: string) => void;
  readonly useSet: (set: number) => void;
  readonly erase: (container: Container) => Promise<void>;
  /** SHA-256 of each certificate (DER) on the card, in lower-case hex. */
  readonly readBack: () => readonly string[];
  readonly close: () => Promise<void>;
};

const LABEL = 'pfcng-development-card';
const FILE = 'card.json';
const PIN_FILE = 'card.pin';

/** `folder` must not exist. `pin`, `soPin`: of the new token. */
export async function makeCardFolder(
  folder: string,
  given: { readonly modulePath: string; readonly pin: string; readonly soPin: string },
): Promise<SimulatedCard> {
  mkdirSync(folder, { recursive: false, mode: 0o700 });
  writeFileSync(join(folder, PIN_FILE), `${given.pin}\n`, { mode: 0o400, flag: 'wx' });
  const token = await createCeremonyToken({ ...given, directory: folder, label: LABEL });
  saveFile(folder, { number: null, set: 1, containers: [] });
  return simulatedCard(folder, token, []);
}

/** Throws an error for people if the folder is not that of a card. */
export async function openCardFolder(
  folder: string,
  { modulePath, faults }: { readonly modulePath: string; readonly faults: readonly Fault[] },
): Promise<SimulatedCard> {
  if (!existsSync(join(folder, FILE)))
    throw new Error(`${folder} is not the folder of a card: pfcng card simulate make --directory ${folder}`);
  const pin = readFileSync(join(folder, PIN_FILE), 'utf8').trim();
  const token = await openCeremonyToken({ modulePath, directory: folder, label: LABEL, pin });
  return simulatedCard(folder, token, faults);
}

function simulatedCard(folder: string, token: CeremonyToken, faults: readonly Fault[]): SimulatedCard {
  let file = JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as CardFile;
  let writes = 0;
  const losePower = (what: string): void => {
    writes += 1;
    if (faults.some((fault) => fault.kind === 'power-lost' && fault.atWrite === writes))
      throw new Interrupted(`the card lost its power at write ${writes} (${what}); the next run resumes`);
  };
  const save = (next: CardFile): void => {
    saveFile(folder, next);
    file = next;
  };

  async function makeKey({ use, set, keyType }: Pick<Container, 'use' | 'set' | 'keyType'>): Promise<Container> {
    losePower(`making the key ${labelOf({ use, set })}`);
    // The file is written after the key: a key that it does not know is left from a killed command.
    if (await token.isTaken(labelOf({ use, set }))) await token.destroyKey(labelOf({ use, set }));
    await token.generateKey(labelOf({ use, set }), keyType);
    const container = { use, set, keyType, certificate: null };
    save({ ...file, containers: [...file.containers, container] });
    return container;
  }

  /** The subject is only a label: the service composes its own. */
  async function request(container: Container): Promise<string> {
    const { use, keyType } = container;
    const spki = await token.publicKey(labelOf(container));
    const info = encodeRequestInfo({ subject: [[{ type: OID.commonName, form: 'utf8String', value: use }]], spki });
    const signature = await token.sign(labelOf(container), keyType, info);
    return encodePem('CERTIFICATE REQUEST', assembleRequest(info, signatureAlgorithmFor(keyType), signature));
  }

  async function containerOf(pem: string): Promise<Container | null> {
    const spki = new Uint8Array(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' }));
    for (const container of file.containers)
      if (equalBytes(await token.publicKey(labelOf(container)), spki)) return container;
    return null;
  }

  async function writeCertificate(pem: string): Promise<boolean> {
    const container = await containerOf(pem);
    if (container === null || container.certificate === pem) return container !== null;
    losePower(`writing the certificate of ${labelOf(container)}`);
    const written = { ...container, certificate: pem };
    save({ ...file, containers: file.containers.map((one) => (one === container ? written : one)) });
    writeFileSync(join(folder, `${labelOf(container)}.pem`), pem);
    return true;
  }

  return {
    file: () => file,
    present: () => file.containers.filter(({ set }) => set === file.set),
    makeKey,
    request,
    sign: (container, octets) => token.sign(labelOf(container), container.keyType, octets),
    hasKeyOf: async (pem) => (await containerOf(pem)) !== null,
    writeCertificate,
    setNumber: (number) => save({ ...file, number }),
    useSet(set) {
      losePower(`beginning to use set ${set}`);
      save({ ...file, set });
    },
    async erase(container) {
      losePower(`erasing the container ${labelOf(container)}`);
      save({ ...file, containers: file.containers.filter((one) => one !== container) });
      await token.destroyKey(labelOf(container));
    },
    readBack: () => file.containers.flatMap(({ certificate }) => (certificate === null ? [] : [hashOf(certificate)])),
    close: () => token.close(),
  };
}

/** The label of the key pair on the token. */
export function labelOf({ use, set }: Pick<Container, 'use' | 'set'>): string {
  return set === 1 ? use : `${use}-${set}`;
}

/** SHA-256 of a certificate (DER), in lower-case hex. */
function hashOf(pem: string): string {
  return sha256Hex(new Uint8Array(new X509Certificate(pem).raw));
}

/** The serial number in lower-case hex, as the API writes it. */
export function serialOf(pem: string): string {
  return new X509Certificate(pem).serialNumber.toLowerCase();
}

function saveFile(folder: string, file: CardFile): void {
  const path = join(folder, FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** A random PIN: 12 random octets in hex. */
export function newPin(random: (octets: number) => Bytes): string {
  return toHex(random(12));
}
