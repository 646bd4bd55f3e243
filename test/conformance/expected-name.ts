/** Names of the domain facts and names that were decoded, in one form that can be compared. */
import assert from 'node:assert/strict';
import type { ExpectedName } from './domain-facts.js';
import type { ReadCertificate } from './read-certificate.js';

/** Replaces `{structure.name}` by that member of the order's holder. */
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
