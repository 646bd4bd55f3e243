/** What the list of pages must be, whatever the pages are. */
import assert from 'node:assert/strict';
import { ROLES } from '../../../src/access/roles.js';
import { PAGES } from '../../../src/console/pages/all.js';

describe('the list of pages', () => {
  it('has each id and each path once', () => {
    const paths = PAGES.flatMap(({ path, actions, downloads }) => {
      const below = path.replace(/\/$/, '');
      const last = [...actions.map(({ id }) => id), ...downloads.map(({ name }) => name)];
      return [path, ...last.map((one) => `${below}/${one}`)];
    });
    assert.equal(new Set(paths).size, paths.length, String(paths));
    assert.equal(new Set(PAGES.map(({ id }) => id)).size, PAGES.length);
  });

  it('has only pages of the console, without parameters in the navigation', () => {
    for (const { path, section } of PAGES) {
      assert.match(path, /^\/console\//);
      if (section !== null) assert.doesNotMatch(path, /[{}]/);
    }
  });

  it('has no path that another page could take for one of its parameters', () => {
    const shape = (path: string): string => path.replace(/\{\w+\}/g, '*');
    const shapes = PAGES.map(({ path }) => shape(path));
    assert.equal(new Set(shapes).size, shapes.length);
  });

  it('has a role for each page and for each action', () => {
    const granted = new Set(Object.values(ROLES).flat());
    for (const { id, opensFor, actions, downloads } of PAGES) {
      assert.ok(opensFor.length > 0, id);
      for (const action of [...opensFor, ...[...actions, ...downloads].map((one) => one.action)])
        assert.ok(granted.has(action), `${id}: no role may ${action}`);
    }
  });
});
