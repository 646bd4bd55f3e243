import assert from 'node:assert/strict';
import { cardInUse, containersDiffer, profilesDiffer } from '../../../src/policy/rules/card-in-use.js';

const CARD = { tokenId: '8025000001/2600301752', product: 'cps' } as const;
const ME = '810002813839';

describe('a card that has live certificates', () => {
  const refused = (live: Parameters<typeof cardInUse>[2]) =>
    cardInUse(CARD, ME, live).map(({ pointer, rule }) => `${pointer} ${rule}`);

  it('accepts more certificates for the same holder and product', () => {
    assert.deepEqual(refused([]), []);
    assert.deepEqual(refused([{ holderId: ME, product: 'cps' }]), []);
  });

  it('accepts none for another holder', () => {
    const live = [
      { holderId: ME, product: 'cps' },
      { holderId: '0750123456', product: 'cps' },
    ];
    assert.deepEqual(refused(live), ['/card/tokenId card-of-one-holder']);
  });

  it('accepts none as another product', () => {
    assert.deepEqual(refused([{ holderId: ME, product: 'cpe' }]), ['/card/product card-product-constant']);
  });

  it('reports neither the other holder nor anything twice', () => {
    const live = Array(3).fill({ holderId: '0750123456', product: 'cpa' });
    assert.equal(cardInUse(CARD, ME, live).length, 2);
    assert.ok(!JSON.stringify(cardInUse(CARD, ME, live)).includes('0750123456'));
  });
});

describe('the requests for one card', () => {
  it('have different profiles: a second one of a profile is rejected at its place', () => {
    const requests = ['a/x', 'a/y', 'a/x', 'a/x'].map((profile, at) => ({ profile, pointer: `/requests/${at}` }));
    const places = profilesDiffer(requests).map(({ pointer, rule, message }) => [pointer, rule, message]);
    const message = {
      fr: 'a/x est déjà demandé dans /requests/0',
      en: 'a/x is requested in /requests/0 already',
    };
    assert.deepEqual(places, [
      ['/requests/2/profile', 'profiles-of-card-differ', message],
      ['/requests/3/profile', 'profiles-of-card-differ', message],
    ]);
  });

  it('go into different containers, as far as they name some', () => {
    const places = (...containers: readonly (string | null)[]) =>
      containersDiffer(containers.map((container, at) => ({ container, pointer: `/requests/${at}` }))).map(
        ({ pointer, rule }) => `${pointer} ${rule}`,
      );
    assert.deepEqual(places('a', 'b', null, null), []);
    assert.deepEqual(places('a', 'b', 'a'), ['/requests/2/container containers-of-card-differ']);
  });
});
