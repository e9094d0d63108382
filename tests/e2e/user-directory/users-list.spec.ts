import { filterOf, headerOf, namesIn, rowOf, searchOf } from '../support/pages.ts';
import { peopleOf } from '../support/people.ts';
import { expect, test } from '../support/test.ts';

test.beforeEach(async ({ seed }) => peopleOf(seed));

test('columns sort both ways, and indicate it', async ({ adminPage: page }) => {
	await page.setViewportSize({ width: 1600, height: 900 });
	await page.goto('/admin/users?status=all');
	await expect(headerOf(page, 'Created')).toHaveAttribute('aria-sort', 'descending');
	for (const [column, first, second] of [
		['Name', 'ascending', 'descending'],
		['E-mail', 'ascending', 'descending'],
		['Storage', 'descending', 'ascending'],
		['Last seen', 'descending', 'ascending'],
		['Created', 'descending', 'ascending']
	] as const) {
		await headerOf(page, column).getByRole('link').click();
		await expect(headerOf(page, column)).toHaveAttribute('aria-sort', first);
		const order = await namesIn(page).allTextContents();
		await headerOf(page, column).getByRole('link').click();
		await expect(headerOf(page, column)).toHaveAttribute('aria-sort', second);
		await expect(page.locator('[aria-sort]')).toHaveCount(1);
		await expect(namesIn(page)).toHaveText(order.toReversed());
	}
	await headerOf(page, 'Name').getByRole('link').click();
	await expect(headerOf(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	const sorted = await namesIn(page).allTextContents();
	expect(sorted).toEqual(sorted.toSorted((one, other) => one.localeCompare(other, 'en')));
});

test('deleted users and admins are marked', async ({ adminPage: page, seed }) => {
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

test('rows are links that open in new tabs', async ({ adminPage: page, context, seed }) => {
	const { ordinary } = await peopleOf(seed);
	await page.goto('/admin/users');
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

test('going back restores the list, and its URL shows it elsewhere', async ({ adminPage: page, seed, visit }) => {
	const { ordinary } = await peopleOf(seed);
	await page.goto('/admin/users');
	await searchOf(page).fill('o');
	await filterOf(page, 'Status').selectOption('Active');
	await expect(page).toHaveURL(
		(url) => url.searchParams.get('q') === 'o' && url.searchParams.get('status') === 'active'
	);
	await headerOf(page, 'Name').getByRole('link').click();
	await expect(headerOf(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	const shown = await namesIn(page).allTextContents();
	const address = page.url();
	await namesIn(page).filter({ hasText: ordinary.name }).click();
	await expect(page).toHaveURL(`/admin/users/${ordinary.id}`);
	await page.goBack();
	await expect(page).toHaveURL(address);
	await expect(searchOf(page)).toHaveValue('o');
	await expect(filterOf(page, 'Status')).toHaveValue('active');
	await expect(namesIn(page)).toHaveText(shown);

	const elsewhere = await visit(seed.admin);
	await elsewhere.goto(address);
	await expect(namesIn(elsewhere)).toHaveText(shown);
	await expect(searchOf(elsewhere)).toHaveValue('o');
	await expect(headerOf(elsewhere, 'Name')).toHaveAttribute('aria-sort', 'ascending');
});

test('the list works without JavaScript', async ({ seed, visit }) => {
	const { ordinary, deleted } = await peopleOf(seed);
	const page = await visit(seed.admin, { javaScriptEnabled: false });
	await page.goto('/admin/users');
	await searchOf(page).fill('olga');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(namesIn(page)).toHaveText([ordinary.name]);
	await searchOf(page).fill('');
	await filterOf(page, 'Status').selectOption('Deleted');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(namesIn(page)).toHaveText([deleted.name]);
	await headerOf(page, 'Name').getByRole('link').click();
	await expect(headerOf(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	await expect(namesIn(page)).toHaveText([deleted.name]);
});
