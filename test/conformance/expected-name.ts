/**
 * Names as the facts of the domain have them, and as they were read, in one form that can be
 * compared.
 */
import assert from 'node:assert/strict';
import type { ExpectedName } from './domain-facts.js';
import type { ReadCertificate } from './read-certificate.js';

/** `{structure.name}` becomes what the holder of the order has there. */
export function filled(text: string, holder: unknown): string {
  return text.replace(/\{([\w.]+)\}/g, (_, path: string) => {
    const value = path
      .split('.')
      .reduce<unknown>((under, member) => (under as Record<string, unknown>)[member], holder);
    assert.equal(typeof value, 'string', path);
    return String(value);
  });
}

export function expectedName(name: ExpectedName, holder: unknown): readonly (readonly string[])[] {
  return name.map((rdn) => rdn.map(({ type, form, value }) => `${type} ${form} ${filled(value, holder)}`).sort());
}

export function shownName(name: ReadCertificate['subject']): readonly (readonly string[])[] {
  return name.map((rdn) => rdn.map(({ type, form, value }) => `${type} ${form} ${value}`).sort());
}
