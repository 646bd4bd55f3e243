/**
 * Clones of a home's tokens, as a maker's own means of cloning would make them; nothing may run
 * on the home meanwhile.
 */
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceHome } from './home.js';

/**
 * `ca-fort` gets `ca-fort-b`, with its keys, its label and its PIN; the configuration names them
 * all.
 */
export function cloneTokens({ home, configFile }: ServiceHome, tokens: readonly string[]): void {
  for (const token of tokens) {
    const clone = `${token}-b`;
    const isPart = (path: string): boolean => !/lock\.\d+$/.test(path);
    cpSync(join(home, 'tokens', token), join(home, 'tokens', clone), { recursive: true, filter: isPart });
    copyFileSync(join(home, 'pins', `${token}.pin`), join(home, 'pins', `${clone}.pin`));
  }
  const config = JSON.parse(readFileSync(configFile, 'utf8')) as { readonly pkcs11?: object };
  const replicas = Object.fromEntries(tokens.map((token) => [token, [{ name: `${token}-b`, label: 'original' }]]));
  writeFileSync(configFile, JSON.stringify({ ...config, pkcs11: { ...config.pkcs11, replicas } }));
}
