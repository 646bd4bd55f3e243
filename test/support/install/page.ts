/** The commands of ops/install.md, in their order. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../service/home.js';

/**
 * The words after `sh` of a fence. A place is where the block is typed; `online`: it fetches
 * packages.
 */
const PLACES = ['server', 'ceremony', 'client'] as const;
export type Place = (typeof PLACES)[number];

export type Block = {
  /** The number and title of its section. */
  readonly section: string;
  readonly place: Place;
  readonly online: boolean;
  readonly script: string;
};

const HEADING_OR_FENCE = /^## (.*)$|^ *```sh *(.*)\n([\s\S]*?)^ *```$/gm;

export function blocksOfPage(): readonly Block[] {
  const text = readFileSync(join(PACKAGE_ROOT, 'ops/install.md'), 'utf8');
  let section = '';
  const blocks: Block[] = [];
  for (const [, heading, words = '', script = ''] of text.matchAll(HEADING_OR_FENCE)) {
    if (heading !== undefined) {
      section = heading;
      continue;
    }
    const [named, ...others] = words.split(' ');
    const place = PLACES.find((one) => one === named);
    assert.ok(place, `${section}: a block says where it is typed: ${PLACES.join(' or ')}, not ${words}`);
    assert.ok(
      others.every((word) => word === 'online'),
      `${section}: ${words}`,
    );
    blocks.push({ section, place, online: others.length > 0, script });
  }
  return blocks;
}
