import type { Page } from 'playwright/test';
import { examine } from '../support/examine.ts';
import type { TestUser, Seed } from '../support/accounts.ts';
import { expect, test } from '../support/test.ts';

interface Cast {
	readonly bob: TestUser;
	readonly gone: TestUser;
}

const casts = new WeakMap<Seed, Promise<Cast>>();

/** Creates some audit events, once per server. */
function createCast(seed: Seed): Promise<Cast> {
	const cast = casts.get(seed) ?? play(seed);
	casts.set(seed, cast);
	return cast;
}

async function play(seed: Seed): Promise<Cast> {
	const bob = await seed.makeUser({ name: 'Bob Brandt', email: 'bob@example.test' });
	await seed.makeUser({ name: 'Bobby Brandt' });
	const gone = await seed.makeUser({ name: 'Gero Gone' });
	await seed.call('PUT', `/admin/users/${bob.id}`, { storageLabel: 'bob', quotaSizeInBytes: 10 * 2 ** 30 });
	await seed.call('PUT', `/admin/users/${bob.id}`, { quotaSizeInBytes: null });
	await expect(seed.startSession({ ...bob, password: 'a wrong guess' })).rejects.toThrow();
	await seed.startSession(bob);
	await seed.call('DELETE', `/admin/users/${gone.id}`, { force: true });
	return { bob, gone };
}

const table = (page: Page) => page.getByRole('table', { name: 'What happened, newest first' });
const rows = (page: Page) =>
	table(page)
		.getByRole('row')
		.filter({ has: page.getByRole('cell') });
const row = (page: Page, text: string | RegExp) => rows(page).filter({ hasText: text });

test('events read as sentences, with the previous value, client info, and a reference to copy', async ({
	adminPage: page,
	seed
}) => {
	const { bob } = await createCast(seed);
	await page.goto('/admin/audit');
	await expect(page.getByRole('heading', { level: 1, name: 'Audit log' })).toBeVisible();
	const changed = row(page, 'updated Bob Brandt’s account').first();
	await expect(changed).toContainText(/Storage quota: from 10 GiB .*to no limit/);
	await expect(changed.getByRole('button', { name: 'Copy request ID' })).toBeVisible();
	const refused = row(page, 'Sign-in failed for Bob Brandt');
	await expect(refused).toContainText('Denied');
	await expect(refused).toContainText('Wrong password');
	await expect(refused).toContainText('127.0.0.1');
	await refused.getByRole('link', { name: 'Bob Brandt' }).click();
	await expect(page).toHaveURL(`/admin/users/${bob.id}`);
});

test('events of a deleted user remain, without a link', async ({ adminPage: page, seed }) => {
	const { gone } = await createCast(seed);
	await page.goto('/admin/audit');
	const removed = row(page, 'permanently deleted the account of Gero Gone');
	await expect(removed).toBeVisible();
	await expect(removed.getByRole('link', { name: 'Gero Gone' })).toHaveCount(0);
	await page.getByLabel('User', { exact: true }).fill(gone.id);
	await page.getByLabel('User', { exact: true }).press('Enter');
	await expect(page).toHaveURL(`/admin/audit?user=${gone.id}`);
	await expect(page.getByText('Gero Gone').first()).toBeVisible();
	await expect(rows(page)).toHaveCount(2);
});

test('events are filtered by user, action, outcome, day and address, all in the URL', async ({
	adminPage: page,
	seed
}) => {
	const { bob } = await createCast(seed);
	await page.goto('/admin/audit');
	await page.getByLabel('User', { exact: true }).fill('bob');
	await page.getByLabel('User', { exact: true }).press('Enter');
	await expect(page.getByRole('heading', { name: 'Choose a user' })).toBeVisible();
	await page.getByRole('link', { name: 'Bob Brandt' }).click();
	await expect(page).toHaveURL(`/admin/audit?user=${bob.id}`);
	await expect(row(page, 'Bobby')).toHaveCount(0);
	await page.getByLabel('Event').selectOption('Sign-in');
	await expect(page).toHaveURL(`/admin/audit?user=${bob.id}&action=auth.signIn`);
	await expect(rows(page)).toHaveCount(2);
	await page.getByLabel('Outcome').selectOption('Denied');
	await expect(rows(page)).toHaveCount(1);
	const address = page.url();

	await page.getByLabel('From (UTC)').fill('2020-01-01');
	await page.getByLabel('To (UTC)').fill('2020-01-31');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(page.getByText('No matching events')).toBeVisible();
	await page.goBack();
	await expect(page).toHaveURL(address);
	await expect(rows(page)).toHaveCount(1);
	await page.getByRole('link', { name: 'Clear user filter' }).click();
	await expect(page).toHaveURL('/admin/audit?action=auth.signIn&outcome=refused');

	await row(page, 'Bob Brandt').getByRole('link', { name: '127.0.0.1' }).click();
	await expect(page).toHaveURL('/admin/audit?address=127.0.0.1');
	await expect(row(page, 'Bob Brandt signed in')).toBeVisible();
	await page.getByLabel('IP address').fill('10.9.8.7');
	await page.getByLabel('IP address').press('Enter');
	await expect(page.getByText('No matching events')).toBeVisible();
	await page.getByRole('link', { name: 'Clear filters' }).click();
	await expect(page).toHaveURL('/admin/audit');
});

test('paging keeps the filter', async ({ adminPage: page, seed }) => {
	await createCast(seed);
	const user = await seed.makeUser({ name: 'Paula Pages' });
	for (let number = 0; number < 60; number += 1)
		await seed.call('PUT', `/admin/users/${user.id}`, { name: `Paula ${number}` });
	await page.goto(`/admin/audit?user=${user.id}`);
	const pages = page.getByRole('navigation', { name: 'Pages' });
	await expect(pages).toContainText('Showing 1–50 of 61');
	await expect(rows(page).first()).toContainText('Paula 59');
	await pages.getByRole('link', { name: 'Next' }).click();
	await expect(pages).toContainText('Showing 51–61 of 61');
	await expect(rows(page).last()).toContainText('created an account for Paula Pages');
	await pages.getByRole('link', { name: 'Previous' }).click();
	await expect(pages).toContainText('Showing 1–50 of 61');
	await pages.getByRole('link', { name: 'Last' }).click();
	await expect(rows(page)).toHaveCount(50);
	await expect(rows(page).last()).toContainText('created an account for Paula Pages');
});

test('each user’s page shows the latest events and links to all of them', async ({ adminPage: page, seed }) => {
	const { bob } = await createCast(seed);
	await page.goto(`/admin/users/${bob.id}`);
	const recent = page.getByRole('table', { name: 'Recent events, newest first' });
	await expect(recent.getByRole('row').filter({ hasText: 'Bob Brandt signed in' })).toBeVisible();
	await page.getByRole('link', { name: 'View all activity' }).click();
	await expect(page).toHaveURL(`/admin/audit?user=${bob.id}`);
});

test('the page works without JavaScript', async ({ seed, visit }) => {
	const { bob } = await createCast(seed);
	const page = await visit(seed.admin, { javaScriptEnabled: false });
	await page.goto('/admin/audit');
	await page.getByLabel('User', { exact: true }).fill('bob@example.test');
	await page.getByLabel('Event').selectOption('Sign-in');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(page).toHaveURL(/\/admin\/audit\?/);
	expect(new URL(page.url()).searchParams.get('user')).toBe(bob.id);
	expect(page.url()).not.toContain('example.test');
	await expect(rows(page)).toHaveCount(2);
	await page.getByRole('link', { name: 'Clear user filter' }).click();
	await page.getByLabel('Outcome').selectOption('Denied');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(row(page, 'Sign-in failed')).toHaveCount(1);
});

test('the page is in the menu and in the command palette', async ({ adminPage: page }) => {
	await page.goto('/account/profile');
	await page.getByRole('link', { name: 'Audit log' }).first().click();
	await expect(page).toHaveURL('/admin/audit');
	await page.keyboard.press('Control+k');
	await page.getByRole('combobox', { name: /^Search users/ }).fill('failed');
	await page.getByRole('option', { name: /Failed sign-ins/ }).click();
	await expect(page).toHaveURL('/admin/audit?action=auth.signIn&outcome=refused');
});

test.describe('for other users', () => {
	// Colors still in transition would be misread.
	test.use({ contextOptions: { reducedMotion: 'reduce' } });

	for (const [title, path] of [
		['the log', '/admin/audit'],
		['nothing that matches', '/admin/audit?address=10.0.0.99'],
		['a choice of people', '/admin/audit?who=bob']
	] as const)
		test(`${title} passes the page checks`, async ({ adminPage: page, seed }) => {
			await createCast(seed);
			await page.goto(path);
			await examine(page);
		});

	test('the filter by a user passes the page checks', async ({ adminPage: page, seed }) => {
		const { bob } = await createCast(seed);
		await page.goto(`/admin/audit?user=${bob.id}`);
		await examine(page);
	});
});
