/** Fills in and confirms the form of an action, as a person does in a browser. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** Values by the names of the fields; that of a file is its content. */
export type FieldValues = Readonly<Record<string, string>>;

/**
 * From the page of an object: follows the button of the action, fills in its form, reads the page
 * that says what will happen, and confirms it. `address`: the path of the form of the action.
 */
export async function performAction(page: Page, address: string, entered: FieldValues): Promise<void> {
  await page.locator(`.actions a[href^="${address}"]`).click();
  const form = page.locator('form.action');
  await form.waitFor();
  const hasFile = (await form.locator('input[type=file]').count()) > 0;
  const isConfirmed = (await form.locator('input[name=token]').count()) > 0;
  if (hasFile || !isConfirmed) await fillIn(form, entered);
  if (!hasFile && !isConfirmed) {
    await form.locator('button[type=submit]').click();
    await page.locator('input[name=token]').waitFor({ state: 'attached' });
  }
  assert.ok((await page.locator('.review').count()) === 1, `${page.url()} says what will happen`);
  await typeCount(page);
  const answered = page.waitForResponse((response) => response.request().method() === 'POST');
  await form.locator('button[type=submit]').click();
  const status = (await answered).status();
  await page.waitForLoadState();
  // What is shown once is the answer itself; everything else is on the page to which it leads.
  assert.ok(status === 303 || status === 200, `${address}: ${(await page.locator('main').textContent()) ?? ''}`);
}

async function fillIn(form: Locator, entered: FieldValues): Promise<void> {
  for (const [name, value] of Object.entries(entered)) {
    const field = form.locator(`[name="${name}"]`).first();
    const kind = await field.evaluate((element) => element.getAttribute('type') ?? element.tagName.toLowerCase());
    if (kind === 'radio') await form.locator(`[name="${name}"][value="${value}"]`).check();
    else if (kind === 'checkbox') await field.setChecked(value === 'yes');
    else if (kind === 'select') await field.selectOption(value);
    else if (kind === 'file')
      await field.setInputFiles({ name: 'file.txt', mimeType: 'text/plain', buffer: Buffer.from(value) });
    else await field.fill(value);
  }
}

/** An action on many asks for their number. */
async function typeCount(page: Page): Promise<void> {
  const label = page.locator('label[for=typed]');
  if ((await label.count()) === 0) return;
  const [number = ''] = /\d+/.exec((await label.textContent()) ?? '') ?? [];
  await page.locator('#typed').fill(number);
}
