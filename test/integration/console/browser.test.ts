/**
 * The browser with which the console is tested. Without this test, the tests of the console could
 * pass because nothing is looked at: a certificate that is not presented, a rule that is not
 * watched.
 */
import assert from 'node:assert/strict';
import { axe } from '../../support/browser/accessibility.js';
import { describeConsole } from '../../support/browser/describe-console.js';
import { focusedElement, pressOn, typeInto } from '../../support/browser/keyboard.js';

const POLICY = "default-src 'none'; script-src 'self'; img-src 'self'";

describeConsole('the browser of the tests', (console) => {
  it('presents the certificate of its account, and only that one', async () => {
    for (const [identity, status] of [
      ['officer-1', 200],
      ['no-rights', 403],
      [null, 401],
    ] as const) {
      const page = await console.page(identity);
      const answer = await page.goto('/v1/cas');
      assert.equal(answer?.status(), status, String(identity));
    }
  });

  it('trusts the service, so that its pages may use WebAuthn', async () => {
    const page = await console.page('officer-1');
    const answer = await page.goto('/v1/cas');
    assert.equal((await answer?.securityDetails())?.protocol, 'TLS 1.3');
    assert.ok(await page.evaluate(() => isSecureContext && 'PublicKeyCredential' in window));
  });

  it('reports a page that breaks its policy, asks elsewhere, throws, or gets a fault', async () => {
    const page = await console.page('officer-1');
    await page.route('**/bad', (route) =>
      route.fulfill({
        headers: { 'content-type': 'text/html', 'content-security-policy': POLICY },
        body: `<!doctype html><script>1</script><img src="https://elsewhere.invalid/a.png"><script src="/throws.js"></script>`,
      }),
    );
    await page.route('**/throws.js', (route) =>
      route.fulfill({
        headers: { 'content-type': 'text/javascript' },
        body: `fetch('/fault').catch(() => 0); new Image().src = '/broken.png'; throw new Error('thrown')`,
      }),
    );
    await page.route('**/broken.png', (route) => route.fulfill({ status: 500 }));
    await page.goto('/bad');
    await page.waitForLoadState('networkidle');
    const kinds = new Set(console.takeReports().map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), ['csp', 'exception', 'other-origin', 'server-fault']);
  });

  it('says what axe finds on a page that allows no script of others', async () => {
    const page = await console.page('officer-1');
    await page.route('**/form', (route) =>
      route.fulfill({
        headers: { 'content-type': 'text/html', 'content-security-policy': POLICY },
        body: '<!doctype html><html lang="fr"><title>x</title><main><h1>x</h1><input></main></html>',
      }),
    );
    await page.goto('/form');
    const found = await axe(page);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', /^critical label: .*\n {2}input: <input>/);
  });

  it('is used by the keyboard alone', async () => {
    const page = await console.page('officer-1');
    const fields = '<label>Name <input name="name"></label><label>Other <input name="other"></label>';
    await page.route('**/form**', (route) =>
      route.fulfill({ contentType: 'text/html', body: `<form>${fields}<button>Send</button></form>` }),
    );
    await page.goto('/form');
    await typeInto(page, /textbox "Other"/, 'a word');
    await pressOn(page, /button "Send"/);
    await page.waitForURL('**/form?name=&other=a+word');
    assert.equal(await focusedElement(page), '');
  });
});
