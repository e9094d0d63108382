import type { Page } from 'playwright/test';
import { rowOf } from './support/pages.ts';
import { peopleOf } from './support/people.ts';
import { expect, test } from './support/test.ts';
import { open } from './support/watch.ts';

const search = (page: Page) => page.getByRole('searchbox', { name: 'Search' });
const names = (page: Page) =>
	page
		.getByRole('row')
		.getByRole('link')
		.filter({ hasNotText: /^(Name|E-mail|Storage|Last seen|Created)$/ });
const header = (page: Page, name: string) => page.getByRole('columnheader', { name });

test.beforeEach(async ({ seed }) => peopleOf(seed));

test('search finds by name, e-mail and id, and stands in the address', async ({ adminPage: page, seed }) => {
	const { ordinary, long } = await peopleOf(seed);
	await open(page, '/admin/users');
	for (const [text, found] of [
		['olga ord', ordinary],
		['DI.LAMPEDUSA-montalbano@photo', long],
		[ordinary.id, ordinary]
	] as const) {
		await search(page).fill(text);
		await expect(page).toHaveURL((url) => url.searchParams.get('q') === text);
		await expect(names(page)).toHaveText([found.name]);
		await expect(search(page)).toBeFocused();
	}
	await search(page).fill('');
	await expect(page).toHaveURL((url) => !url.searchParams.has('q'));
	await expect(names(page).filter({ hasText: seed.admin.name })).toBeVisible();
});

test('what is special to databases is searched for as it stands', async ({ adminPage: page }) => {
	for (const text of ['%', '_', '\\', "'"]) {
		await page.goto(`/admin/users?q=${encodeURIComponent(text)}`);
		await expect(page.getByText('Nobody matches')).toBeVisible();
	}
});

test('role and status filter together', async ({ adminPage: page, seed }) => {
	const { secondAdmin, deleted, newcomer, ordinary } = await peopleOf(seed);
	await open(page, '/admin/users?sort=name&direction=asc');
	await expect(names(page).filter({ hasText: deleted.name })).toHaveCount(0);
	await page.getByLabel('Role').selectOption('Administrators');
	await expect(names(page)).toHaveText([seed.admin.name, secondAdmin.name]);
	await expect(page).toHaveURL(/role=admin/);
	await page.getByLabel('Role').selectOption('Any role');
	await page.getByLabel('Status').selectOption('Must change password');
	await expect(names(page)).toHaveText([newcomer.name]);
	await page.getByLabel('Status').selectOption('Deleted');
	await expect(names(page)).toHaveText([deleted.name]);
	await page.getByLabel('Status').selectOption('Active');
	await expect(names(page).filter({ hasText: ordinary.name })).toBeVisible();
	await expect(names(page).filter({ hasText: newcomer.name })).toHaveCount(0);
	await page.getByLabel('Status').selectOption('Everybody');
	await expect(names(page).filter({ hasText: deleted.name })).toBeVisible();
});

test('columns sort both ways, and say so', async ({ adminPage: page }) => {
	await open(page, '/admin/users?status=all');
	await expect(header(page, 'Created')).toHaveAttribute('aria-sort', 'descending');
	for (const [column, first, second] of [
		['Name', 'ascending', 'descending'],
		['E-mail', 'ascending', 'descending'],
		['Storage', 'descending', 'ascending'],
		['Last seen', 'descending', 'ascending'],
		['Created', 'descending', 'ascending']
	] as const) {
		await header(page, column).getByRole('link').click();
		await expect(header(page, column)).toHaveAttribute('aria-sort', first);
		const order = await names(page).allTextContents();
		await header(page, column).getByRole('link').click();
		await expect(header(page, column)).toHaveAttribute('aria-sort', second);
		await expect(page.locator('[aria-sort]')).toHaveCount(1);
		await expect(names(page)).toHaveText(order.toReversed());
	}
	await header(page, 'Name').getByRole('link').click();
	await expect(header(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	const sorted = await names(page).allTextContents();
	expect(sorted).toEqual(sorted.toSorted((one, other) => one.localeCompare(other, 'en')));
});

test('deleted users and administrators look like what they are', async ({ adminPage: page, seed }) => {
	const { deleted, secondAdmin, newcomer, ordinary } = await peopleOf(seed);
	await page.goto('/admin/users?status=all');
	await expect(rowOf(page, deleted.email)).toContainText('Deleted');
	await expect(rowOf(page, secondAdmin.email)).toContainText('Administrator');
	await expect(rowOf(page, newcomer.email)).toContainText('Must change password');
	await expect(rowOf(page, ordinary.email)).toContainText('Active');
	await expect(rowOf(page, ordinary.email)).toContainText('0 B of 10 GiB');
	await expect(rowOf(page, ordinary.email)).not.toContainText('Administrator');
	await expect(rowOf(page, ordinary.email)).toContainText('Never');
	await page.setViewportSize({ width: 360, height: 740 });
	for (const { email } of [deleted, secondAdmin, newcomer, ordinary])
		await expect(page.getByText(email).filter({ visible: true })).toBeVisible();
	await expect(rowOf(page, deleted.email).getByText('Deleted').filter({ visible: true })).not.toHaveCount(0);
});

test('rows are links that open in tabs of their own', async ({ adminPage: page, context, seed }) => {
	const { ordinary } = await peopleOf(seed);
	await open(page, '/admin/users');
	const row = rowOf(page, ordinary.email);
	const tab = context.waitForEvent('page');
	await row
		.getByRole('cell')
		.last()
		.click({ modifiers: ['ControlOrMeta'] });
	await expect(await tab).toHaveURL(`/admin/users/${ordinary.id}`);
	await expect(page).toHaveURL('/admin/users');
	await row.getByRole('cell').last().click();
	await expect(page).toHaveURL(`/admin/users/${ordinary.id}`);
});

test('going back restores the list, and its address shows it elsewhere', async ({ adminPage: page, seed, visit }) => {
	const { ordinary } = await peopleOf(seed);
	await open(page, '/admin/users');
	await search(page).fill('o');
	await page.getByLabel('Status').selectOption('Active');
	await header(page, 'Name').getByRole('link').click();
	await expect(header(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	await expect(page).toHaveURL(/q=o&?.*status=active|status=active&?.*q=o/);
	const shown = await names(page).allTextContents();
	const address = page.url();
	await names(page).filter({ hasText: ordinary.name }).click();
	await expect(page).toHaveURL(`/admin/users/${ordinary.id}`);
	await page.goBack();
	await expect(page).toHaveURL(address);
	await expect(search(page)).toHaveValue('o');
	await expect(page.getByLabel('Status')).toHaveValue('active');
	await expect(names(page)).toHaveText(shown);

	const elsewhere = await visit(seed.admin);
	await elsewhere.goto(address);
	await expect(names(elsewhere)).toHaveText(shown);
	await expect(search(elsewhere)).toHaveValue('o');
	await expect(header(elsewhere, 'Name')).toHaveAttribute('aria-sort', 'ascending');
});

test('where nobody matches, the page says why and leads on', async ({ adminPage: page, seed }) => {
	await open(page, '/admin/users?q=nobody-at-all&role=admin');
	await expect(page.getByText('Nobody matches')).toBeVisible();
	await expect(page.getByText(/Deleted accounts are shown only when/)).toBeVisible();
	await page.getByRole('link', { name: 'Clear search and filters' }).click();
	await expect(page).toHaveURL('/admin/users');
	await expect(search(page)).toHaveValue('');
	await expect(rowOf(page, seed.admin.email)).toBeVisible();
});

test('the list works without JavaScript', async ({ seed, visit }) => {
	const { ordinary, deleted } = await peopleOf(seed);
	const page = await visit(seed.admin, { javaScriptEnabled: false });
	await page.goto('/admin/users');
	await search(page).fill('olga');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(names(page)).toHaveText([ordinary.name]);
	await search(page).fill('');
	await page.getByLabel('Status').selectOption('Deleted');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(names(page)).toHaveText([deleted.name]);
	await header(page, 'Name').getByRole('link').click();
	await expect(header(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	await expect(names(page)).toHaveText([deleted.name]);
});
