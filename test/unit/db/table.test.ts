/**
 * Declared tables: conversion of records to rows and back. Without these tests, a column could
 * store another value than the record has.
 */
import assert from 'node:assert/strict';
import { bigInteger, bytes, columnEach, flag, json, onceGuard, oneOf, table, text } from '../../../src/db/table.js';
import { AssertionFailed } from '../../../src/kernel/assert.js';
import type { Bytes } from '../../../src/kernel/bytes.js';

type Parcel = {
  readonly parcelId: string;
  readonly state: 'sent' | 'lost';
  readonly isHeavy: boolean;
  readonly labels: readonly string[];
  readonly content: Bytes | null;
  readonly counts: { readonly up: number; readonly down: number };
};

const COLUMNS = {
  parcelId: text(36).primary().fixed(),
  state: oneOf(['sent', 'lost'], 8),
  isHeavy: flag(),
  labels: json<readonly string[]>(),
  content: bytes().nullable().once(),
  counts: columnEach({ up: 'count_up', down: 'count_down' }, bigInteger()),
} as const;
const GUARDS = [{ name: 'birth', on: 'update', when: 'false', says: '' } as const];

describe('a declared table', () => {
  const parcels = table<Parcel>(
    'parcels',
    { ...COLUMNS, parcelId: text(36).primary(), content: bytes().nullable() },
    { guards: GUARDS },
  );
  const PARCEL: Parcel = {
    parcelId: 'one',
    state: 'sent',
    isHeavy: true,
    labels: ['a', 'b'],
    content: null,
    counts: { up: 1, down: 2 },
  };
  const ROW = {
    parcel_id: 'one',
    state: 'sent',
    is_heavy: true,
    labels: '["a","b"]',
    content: null,
    count_up: 1,
    count_down: 2,
  };

  it('writes each member to its column, and reads it back', () => {
    assert.deepEqual(parcels.write(PARCEL), ROW);
    assert.deepEqual(parcels.read(ROW), PARCEL);
    assert.deepEqual(parcels.read({ ...ROW, is_heavy: 1, count_up: '1' }), PARCEL);
  });

  it('changes only what is named, and never nothing', () => {
    assert.deepEqual(parcels.change({ state: 'lost', content: null }), { state: 'lost', content: null });
    assert.throws(() => parcels.change({}), AssertionFailed);
  });

  it('refuses a row with a value that the table does not allow', () => {
    for (const tampered of [{ state: 'gone' }, { parcel_id: null }, { count_up: 'x' }, { is_heavy: 2 }])
      assert.throws(() => parcels.read({ ...ROW, ...tampered }), AssertionFailed);
  });

  it('cannot be declared with columns that never change, or change once, and no trigger for them', () => {
    for (const guards of [GUARDS, [...GUARDS, onceGuard('stays')]])
      assert.throws(() => table<Parcel>('parcels', COLUMNS, { guards }), AssertionFailed);
  });
});
