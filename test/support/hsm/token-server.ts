/**
 * Serves ceremony tokens by IPC (`fork(token-server.js)`), because the test process has loaded
 * another PKCS#11 module.
 */
import {
  type CeremonyToken,
  type CeremonyTokenLocation,
  createCeremonyToken,
  openCeremonyToken,
} from '../../../hsm/pkcs11/ceremony-token.js';
import { TokenError, type TokenFailure } from '../../../hsm/pkcs11/failures.js';

export type TokenQuestion =
  | { readonly ask: 'create'; readonly location: Parameters<typeof createCeremonyToken>[0] }
  | { readonly ask: 'open'; readonly location: CeremonyTokenLocation }
  | {
      readonly ask: 'call';
      readonly token: number;
      readonly method: keyof CeremonyToken;
      readonly args: readonly unknown[];
    };
export type TokenCall = { readonly id: number; readonly question: TokenQuestion };
export type TokenAnswer = {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: TokenFailure;
  readonly bug?: string;
};

const tokens: CeremonyToken[] = [];

async function answer(question: TokenQuestion): Promise<unknown> {
  if (question.ask === 'create') return tokens.push(await createCeremonyToken(question.location)) - 1;
  if (question.ask === 'open') return tokens.push(await openCeremonyToken(question.location)) - 1;
  // The proxy in the tests has the types of the method.
  const method = tokens[question.token]?.[question.method] as (...args: readonly unknown[]) => Promise<unknown>;
  return method(...question.args);
}

async function serve({ id, question }: TokenCall): Promise<void> {
  let said: TokenAnswer;
  try {
    said = { id, value: await answer(question) };
  } catch (thrown) {
    said = thrown instanceof TokenError ? { id, failure: thrown.failure } : { id, bug: String(thrown) };
  }
  process.send?.(said);
}

if (process.send) {
  process.on('message', (call: TokenCall) => void serve(call));
  process.on('disconnect', () => process.exit(0));
}
