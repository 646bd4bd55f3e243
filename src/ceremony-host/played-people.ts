/**
 * The people of a plan, simulated by the program: everybody is present, codes are read back, and
 * the passphrases of share holders are random and stored in files. Rehearsals and development
 * homes use it with the code of the real ceremony; production never does.
 */
import { join } from 'node:path';
import type { Question, SecretQuestion, Terminal } from '../ceremony/sitting/terminal.js';
import type { CeremonyFiles } from '../ceremony/world.js';
import { utf8 } from '../kernel/bytes.js';
import type { Random } from '../ports/world.js';
import { randomPin } from './tokens.js';

/**
 * The folder with the passphrases of simulated officers, in the home folder:
 * `officers/<token>/<name>.txt`.
 */
const OFFICERS = 'officers';

export function playedTerminal({
  files,
  random,
  show,
}: {
  readonly files: CeremonyFiles;
  readonly random: Random;
  /** Shows what a real terminal would show. */
  readonly show: Terminal['show'];
}): Terminal {
  return {
    show,
    ask: async (question) => answerTo(question),
    async askSecret(question) {
      if (question.about === 'key-passphrase') return null;
      const path = passphrasePath(question);
      const existing = await files.read(path);
      if (existing !== null) return existing.slice(0, -1);
      if (question.about === 'passphrase') return null;
      const passphrase = randomPin(random);
      await files.createSecret(path, utf8(`${passphrase}\n`));
      return utf8(passphrase);
    },
  };
}

function answerTo(question: Question): string | null {
  switch (question.about) {
    case 'begin':
      return question.isReady ? 'continuer' : null;
    case 'present':
      return 'oui';
    case 'roll-call':
      return question.isComplete ? 'oui' : null;
    case 'code':
      return question.code;
    case 'share': {
      const { shares, given } = question;
      const numbers = Array.from({ length: shares }, (_, index) => index + 1);
      const next = numbers.find((number) => !given.includes(number));
      return next === undefined ? null : `${next}`;
    }
    case 'hsm':
    case 'operate':
      return 'fait';
    case 'key-file':
    case 'refusal':
      return null;
  }
}

/** Every character of the name that is not an ASCII letter or digit becomes a dash. */
function passphrasePath({ token, holder }: Pick<SecretQuestion, 'token' | 'holder'>): string {
  const plain = holder.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return join(OFFICERS, token, `${plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')}.txt`);
}
