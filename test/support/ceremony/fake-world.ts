/**
 * A world in memory for ceremonies: real keys and signatures, with tokens and files in maps that
 * outlive a "process".
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CeremonyPlan, TokenUse } from '../../../src/ceremony/plan/model.js';
import { readPlan } from '../../../src/ceremony/plan/read.js';
import type { Question, SecretQuestion, Terminal } from '../../../src/ceremony/sitting/terminal.js';
import {
  type CeremonyToken,
  CeremonyTokenError,
  type CeremonyWorld,
  type ProgressEvent,
} from '../../../src/ceremony/world.js';
import { loadPolicy } from '../../../src/config/policy.js';
import { assert, present } from '../../../src/kernel/assert.js';
import { inBothLanguages, untranslated } from '../../../src/kernel/bilingual.js';
import { type Bytes, concat, latin1, utf8 } from '../../../src/kernel/bytes.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { overridesFor } from '../../../src/policy/load/overrides.js';
import type { Policy } from '../../../src/policy/model.js';
import { withoutCmpSigners } from './without-cmp.js';

export function testPolicy(): Policy {
  const policies = join(packageRoot(), 'policies');
  const policy = loadPolicy(policies, 'development', overridesFor({ authorityKeyType: 'p-256' }));
  assert(policy.ok, policy.ok ? '' : JSON.stringify(policy.error));
  return policy.value;
}

export function shippedPlanText(id: string): Bytes {
  return new Uint8Array(readFileSync(join(packageRoot(), 'policies/ceremonies/development', `${id}.json`)));
}

/** Without CMP signers, so that the ceremony of a hierarchy needs no other. */
export function developmentPlanText(id: string): Bytes {
  const plan = JSON.parse(new TextDecoder().decode(shippedPlanText(id)));
  return utf8(JSON.stringify(withoutCmpSigners(plan), null, 2));
}

export function testPlan(id: string, policy: Policy): CeremonyPlan {
  const plan = readPlan(developmentPlanText(id), { file: `${id}.json`, policy });
  assert(plan.ok, plan.ok ? '' : JSON.stringify(plan.error));
  return plan.value;
}

/**
 * `isHalf`: its public half was destroyed, or its label is not unique, so a search by label does
 * not find it.
 */
export type FakeKey = { readonly privateKey: KeyObject; readonly spki: Bytes; readonly isHalf?: boolean };

/** The files and tokens, which survive a process that dies. */
export type Disk = {
  readonly files: Map<string, Bytes>;
  readonly tokens: Map<string, Map<string, FakeKey>>;
  /** The PINs that quorums share, by token. */
  readonly pins: Map<string, string>;
  /** The PINs that were tried and refused. */
  readonly refused: string[];
};

export function emptyDisk(): Disk {
  return { files: new Map(), tokens: new Map(), pins: new Map(), refused: [] };
}

/** The process was killed at its n-th effect, just before or just after it happened. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export type FakeOptions = {
  readonly policy: Policy;
  readonly now?: number;
  /** Counts from 1; `after`: the effect has happened. */
  readonly kill?: { readonly at: number; readonly when: 'before' | 'after' };
  /** Runs before every effect, with its name; may throw. */
  readonly tamper?: (effect: string) => void;
  /** Answers before the scripted people do; undefined: the scripted answer is used. */
  readonly people?: Partial<People>;
  readonly machine?: Partial<CeremonyWorld['machine']>;
};

export type People = {
  readonly ask: (question: Question) => string | null | undefined;
  readonly askSecret: (question: SecretQuestion) => string | null | undefined;
  readonly show: (line: string) => void;
};

/** The passphrase that a holder types in these tests. */
export function passphraseOf(holder: string): string {
  return `the passphrase of ${holder}`;
}

/** Everybody is present, codes are typed back, and holders come in the order of their shares. */
function scriptedTerminal({ ask, askSecret, show }: Partial<People>): Terminal {
  const holders = holdersInTurn();
  return {
    show(lines) {
      for (const line of lines)
        show?.(
          'label' in line ? `${inBothLanguages(line.label)} ${inBothLanguages(line.value)}` : inBothLanguages(line),
        );
    },
    async ask(question) {
      const answer = ask?.(question);
      if (answer !== undefined) return answer;
      return question.about === 'share' ? holders.next(question) : usualAnswer(question);
    },
    async askSecret(question) {
      holders.opened();
      const answer = askSecret?.(question);
      const typed = answer === undefined ? passphraseOf(question.holder) : answer;
      return typed === null ? null : utf8(typed);
    },
  };
}

const OPENINGS_MAX = 40;

/**
 * Each holder gives the lowest share number not yet given. A share whose passphrase was never asked
 * for is taken as missing.
 */
function holdersInTurn() {
  const missing = new Set<number>();
  let offered: number | null = null;
  let asked = 0;
  return {
    next({ shares, given }: Extract<Question, { about: 'share' }>): string | null {
      asked += 1;
      assert(asked <= OPENINGS_MAX * shares, 'shares are asked for again and again');
      if (offered !== null) missing.add(offered);
      const numbers = Array.from({ length: shares }, (_, at) => at + 1);
      offered = numbers.find((number) => !given.includes(number) && !missing.has(number)) ?? null;
      return offered === null ? null : `${offered}`;
    },
    opened(): void {
      offered = null;
    },
  };
}

function usualAnswer(question: Question): string | null {
  switch (question.about) {
    case 'begin':
      return question.isReady ? 'continuer' : null;
    case 'present':
      return 'oui';
    case 'roll-call':
      return question.isComplete ? 'oui' : null;
    case 'code':
      return question.code;
    case 'hsm':
    case 'operate':
      return 'fait';
    default:
      return null;
  }
}

export const NOW = Date.parse('2026-03-01T10:00:00Z');

export function fakeWorld(disk: Disk, { policy, now = NOW, kill, tamper, people = {}, machine = {} }: FakeOptions) {
  let asked = 0;
  const progress: ProgressEvent[] = [];
  const effects: string[] = [];
  const effect = async <Value>(name: string, act: () => Value): Promise<Value> => {
    asked += 1;
    effects.push(name);
    tamper?.(name);
    if (kill?.at === asked && kill.when === 'before') throw new Killed(name);
    const value = act();
    if (kill?.at === asked) throw new Killed(name);
    return value;
  };
  const world: CeremonyWorld = {
    policy,
    clock: () => now,
    random: (length) => new Uint8Array(randomBytes(length)),
    progress: (event) => void progress.push(event),
    software: { version: '0.1.0', details: { node: 'test' } },
    files: {
      read: async (path) => disk.files.get(path) ?? null,
      readTypedPath: async (path) => disk.files.get(path) ?? null,
      create: (path, content) =>
        effect(`create ${path}`, () => {
          assert(!disk.files.has(path), `${path} exists`);
          disk.files.set(path, content);
        }),
      createSecret: (path, content) =>
        effect(`create ${path}`, () => {
          assert(!disk.files.has(path), `${path} exists`);
          disk.files.set(path, content);
        }),
      createPrivate: (path, content) =>
        effect(`create ${path}`, () => {
          assert(!disk.files.has(path), `${path} exists`);
          disk.files.set(path, content);
        }),
      isOpenToOthers: async () => false,
      rename: (from, to) =>
        effect(`rename ${to}`, () => {
          disk.files.set(to, present(disk.files.get(from), from));
          disk.files.delete(from);
        }),
      replace: (path, content) => effect(`replace ${path}`, () => void disk.files.set(path, content)),
      append: (path, content) =>
        effect(`append ${path}`, () => {
          disk.files.set(path, concat([disk.files.get(path) ?? new Uint8Array(0), content]));
        }),
      truncate: (path, length) =>
        effect(`truncate ${path}`, () => {
          disk.files.set(path, present(disk.files.get(path), path).slice(0, length));
        }),
    },
    tokens: {
      exists: async (use) => disk.tokens.has(use.name),
      async probe(use) {
        if (!disk.tokens.has(use.name)) throw new CeremonyTokenError(untranslated(`there is no token ${use.name}`));
      },
      create: (use, pin, soPin) =>
        effect(`create token ${use.name}`, () => {
          disk.tokens.set(use.name, new Map());
          if (soPin !== null) disk.pins.set(`${use.name} SO`, latin1(soPin));
          if (pin !== null) disk.pins.set(use.name, latin1(pin));
        }),
      restore: (use, files) => effect(`restore token ${use.name}`, () => restoreFake(disk, use, files)),
      resetPin: (use, soPin, pin) =>
        effect(`reset PIN ${use.name}`, () => {
          if (latin1(soPin) !== disk.pins.get(`${use.name} SO`))
            throw new CeremonyTokenError(untranslated(`the SO PIN of ${use.name} is refused`), 'pin-refused');
          disk.pins.set(use.name, latin1(pin));
        }),
      changeSoPin: (use, soPins, next) =>
        effect(`change SO PIN ${use.name}`, () => {
          const name = `${use.name} SO`;
          if (!soPins.some((pin) => latin1(pin) === disk.pins.get(name)))
            throw new CeremonyTokenError(untranslated(`the SO PIN of ${use.name} is refused`), 'pin-refused');
          disk.pins.set(name, latin1(next));
        }),
      async open(use, pin) {
        const keys = present(disk.tokens.get(use.name), `token ${use.name}`);
        if (pin !== null && latin1(pin) !== disk.pins.get(use.name)) {
          disk.refused.push(use.name);
          throw new CeremonyTokenError(untranslated(`the PIN of ${use.name} is refused`), 'pin-refused');
        }
        return fakeToken({ use, keys, disk }, effect);
      },
    },
    terminal: scriptedTerminal(people),
    place: { home: '/ceremony-home', planFile: 'plan.json', command: './ceremony' },
    machine: { swap: false, coreDumps: false, debugging: false, ...machine },
  };
  return { world, progress, effects };
}

const CURVES: Readonly<Record<string, string>> = { 'p-256': 'prime256v1', 'p-384': 'secp384r1' };

type Effect = <Value>(name: string, act: () => Value) => Promise<Value>;

type Keys = NonNullable<ReturnType<Disk['tokens']['get']>>;

function fakeToken(
  { use, keys, disk }: { readonly use: TokenUse; readonly keys: Keys; readonly disk: Disk },
  effect: Effect,
): CeremonyToken {
  return {
    changePin: (pin) => effect(`change PIN ${use.name}`, () => void disk.pins.set(use.name, latin1(pin))),
    generateKey: (label, keyType) =>
      effect(`generate ${use.name}/${label}`, () => {
        const namedCurve = CURVES[keyType];
        assert(namedCurve !== undefined || keyType === 'rsa-2048', `tests have quick keys, not ${keyType}`);
        if (keys.has(label)) throw new CeremonyTokenError(untranslated(`${label} exists`));
        const pair =
          namedCurve === undefined
            ? generateKeyPairSync('rsa', { modulusLength: 2048 })
            : generateKeyPairSync('ec', { namedCurve });
        const spki = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));
        keys.set(label, { privateKey: pair.privateKey, spki });
        return spki;
      }),
    publicKey: async (label) => (keys.get(label)?.isHalf === true ? null : (keys.get(label)?.spki ?? null)),
    isTaken: async (label) => keys.has(label),
    attributes: async () => ({ CKA_SENSITIVE: true, CKA_EXTRACTABLE: false }),
    sign: (label, keyType, tbs) =>
      effect(`sign ${use.name}/${label}`, () => {
        return new Uint8Array(
          sign(keyType === 'p-384' ? 'sha384' : 'sha256', tbs, present(keys.get(label), label).privateKey),
        );
      }),
    keys: async () => [...keys.keys()].sort(),
    copy: async () => copyFake(disk, use, keys),
    discardKey: async (label) => {
      if (keys.has(label)) await effect(`discard ${use.name}/${label}`, () => void keys.delete(label));
    },
    info: async () => ({
      label: `pfcng-development-${use.name}`,
      serialNumber: use.name,
      model: 'm',
      manufacturer: 'f',
      hardware: '1.0',
      firmware: '7.4',
    }),
  };
}

/** A copy of these tokens has the PIN that they had, as a copy of a SoftHSM token does. */
function copyFake(disk: Disk, use: TokenUse, keys: Keys): ReadonlyMap<string, Bytes> {
  const objects = [...keys].map(([label, { privateKey }]): [string, Bytes] => [
    `objects/${label}`,
    new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
  ]);
  return new Map([['pin', utf8(disk.pins.get(use.name) ?? '')], ...objects]);
}

function restoreFake(disk: Disk, use: TokenUse, files: ReadonlyMap<string, Bytes>): void {
  const keys: Keys = new Map();
  for (const [path, content] of files) {
    if (path === 'pin') disk.pins.set(use.name, new TextDecoder().decode(content));
    else {
      const privateKey = createPrivateKey({ key: Buffer.from(content), format: 'der', type: 'pkcs8' });
      const spki = new Uint8Array(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
      keys.set(path.slice('objects/'.length), { privateKey, spki });
    }
  }
  disk.tokens.set(use.name, keys);
}
