import type { Page } from 'playwright/test';
import { signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const newUserPath = '/admin/users/new';

const findSecret = (page: Page) => page.getByRole('code').first();

/** Creates a user and returns the password that the page shows. */
async function make(page: Page, email: string, password = ''): Promise<string> {
	await page.goto(newUserPath);
	await page.getByLabel('Name').fill('Petra');
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('Temporary password').fill(password);
	await press(page, 'Create user');
	await expect(findSecret(page)).toBeVisible();
	return (await findSecret(page).textContent()) ?? '';
}

test('a password that the admin typed is shown, works, and must be changed', async ({ adminPage, visit }) => {
	const password = 'typed by the administrator';
	expect(await make(adminPage, 'typed@example.test', password)).toBe(password);
	await expect(adminPage.getByText(/^Valid until/)).toBeVisible();

	const page = await visit();
	await signInByForm(page, { email: 'typed@example.test', password });
	await expect(page).toHaveURL('/auth/change-password');
});

test('if no change is required, the password does not expire', async ({ adminPage, visit }) => {
	await adminPage.goto(newUserPath);
	await adminPage.getByLabel('Name').fill('Petra');
	await adminPage.getByLabel('Email').fill('lasting@example.test');
	await adminPage.getByLabel('Require password change').uncheck();
	await press(adminPage, 'Create user');
	await expect(findSecret(adminPage)).toBeVisible();
	await expect(adminPage.getByText(/Valid until|works until/)).toHaveCount(0);

	const page = await visit();
	const password = (await findSecret(adminPage).textContent()) ?? '';
	await signInByForm(page, { email: 'lasting@example.test', password });
	await expect(page).toHaveURL('/home');
});

test('the remaining time is counted down', async ({ adminPage: page }) => {
	await page.clock.install();
	await make(page, 'counted@example.test');
	await expect(page.getByText(/^Valid until .*\b6 days 23 h/)).toBeVisible();
	await page.clock.fastForward('24:00:00');
	await expect(page.getByText(/^Valid until .*\b5 days 23 h/)).toBeVisible();
});

test('the secret is in no URL and no storage, and gone after going back', async ({ adminPage: page }) => {
	const addresses: string[] = [];
	page.context().on('request', (request) => addresses.push(request.url()));
	const password = await make(page, 'gone@example.test');
	await page.getByRole('button', { name: 'Copy password' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
	const stored = await page.evaluate(() => JSON.stringify([sessionStorage, localStorage, history.state]));

	await page.getByRole('link', { name: 'All users' }).click();
	await expect(page).toHaveURL('/admin/users');
	await page.goBack();
	await expect(page).toHaveURL(newUserPath);
	await expect(page.getByRole('heading', { name: 'Create user' })).toBeVisible();
	expect(await page.content()).not.toContain(password);
	await page.goForward();
	await page.goto('/api/server/ping');
	await page.goBack();
	await page.goBack();
	await expect(page).toHaveURL(newUserPath);
	expect(await page.content()).not.toContain(password);
	expect([...addresses, stored].filter((text) => text.includes(password) || text.includes('gone@'))).toEqual([]);
});

test('a page in the browser’s back/forward cache drops the secret', async ({ adminPage: page }) => {
	const password = await make(page, 'kept@example.test');
	await page.getByRole('button', { name: 'Copy password' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
	await page.goto('/api/server/ping');
	await page.goBack();
	await expect(page).toHaveURL(newUserPath);
	await expect(page.getByRole('main')).toBeVisible();
	expect(await page.content()).not.toContain(password);
});

test('leaving without copying it asks first', async ({ adminPage: page }) => {
	const password = await make(page, 'asked@example.test');
	page.once('dialog', (dialog) => {
		expect(dialog.message()).toContain('You haven’t copied');
		void dialog.dismiss();
	});
	await page.getByRole('link', { name: 'All users' }).click();
	await expect(findSecret(page)).toHaveText(password);
	await expect(page).toHaveURL(newUserPath);

	const closing = page.waitForEvent('dialog');
	await page.close({ runBeforeUnload: true });
	const dialog = await closing;
	expect(dialog.type()).toBe('beforeunload');
	await dialog.dismiss();
	await expect(findSecret(page)).toHaveText(password);

	page.once('dialog', (question) => void question.accept());
	await page.getByRole('link', { name: 'All users' }).click();
	await expect(page).toHaveURL('/admin/users');
});

test('another user can be created right away', async ({ adminPage: page }) => {
	const password = await make(page, 'first-of-two@example.test');
	await page.getByRole('button', { name: 'Copy message' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
	await page.getByRole('link', { name: 'Create another user' }).click();
	await expect(page.getByLabel('Email')).toHaveValue('');
	expect(await page.content()).not.toContain(password);
	expect(await make(page, 'second-of-two@example.test')).not.toBe(password);
});

test('the log contains neither passwords nor email addresses', async ({ adminPage: page, server, visit }) => {
	const password = await make(page, 'unlogged@example.test');
	const other = await visit();
	await signInByForm(other, { email: 'unlogged@example.test', password: 'not the password' });
	await expect(other.getByRole('alert')).toBeVisible();
	await signInByForm(other, { email: 'unlogged@example.test', password });
	await expect(other).toHaveURL('/auth/change-password');

	const log = server.lines.join('\n');
	expect(log).toContain('Account made');
	expect(log).toContain('Sign-in refused');
	for (const secret of [password, 'not the password', '@example.test']) expect(log).not.toContain(secret);
});
