import { findFilter, findHeader, namesIn, findRow, findSearch } from '../support/pages.ts';
import { getTestUsers } from '../support/test-users.ts';
import { expect, test } from '../support/test.ts';

test.beforeEach(async ({ seed }) => getTestUsers(seed));

test('columns sort both ways, and indicate it', async ({ adminPage: page }) => {
	await page.setViewportSize({ width: 1600, height: 900 });
	await page.goto('/admin/users?status=all');
	await expect(findHeader(page, 'Created')).toHaveAttribute('aria-sort', 'descending');
	for (const [column, first, second] of [
		['Name', 'ascending', 'descending'],
		['Email', 'ascending', 'descending'],
		['Storage', 'descending', 'ascending'],
		['Last active', 'descending', 'ascending'],
		['Created', 'descending', 'ascending']
	] as const) {
		await findHeader(page, column).getByRole('link').click();
		await expect(findHeader(page, column)).toHaveAttribute('aria-sort', first);
		const order = await namesIn(page).allTextContents();
		await findHeader(page, column).getByRole('link').click();
		await expect(findHeader(page, column)).toHaveAttribute('aria-sort', second);
		await expect(page.locator('[aria-sort]')).toHaveCount(1);
		await expect(namesIn(page)).toHaveText(order.toReversed());
	}
	await findHeader(page, 'Name').getByRole('link').click();
	await expect(findHeader(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	const sorted = await namesIn(page).allTextContents();
	expect(sorted).toEqual(sorted.toSorted((one, other) => one.localeCompare(other, 'en')));
});

test('deleted users and admins are marked', async ({ adminPage: page, seed }) => {
	const { deleted, secondAdmin, newcomer, ordinary } = await getTestUsers(seed);
	await page.goto('/admin/users?status=all');
	await expect(findRow(page, deleted.email)).toContainText('Deleted');
	await expect(findRow(page, secondAdmin.email)).toContainText('Administrator');
	await expect(findRow(page, newcomer.email)).toContainText('Password change required');
	await expect(findRow(page, ordinary.email)).toContainText('Active');
	await expect(findRow(page, ordinary.email)).toContainText('0 B of 10 GiB');
	await expect(findRow(page, ordinary.email)).not.toContainText('Administrator');
	await expect(findRow(page, ordinary.email)).toContainText('Never');
	await page.setViewportSize({ width: 360, height: 740 });
	for (const { email } of [deleted, secondAdmin, newcomer, ordinary])
		await expect(page.getByText(email).filter({ visible: true })).toBeVisible();
	await expect(findRow(page, deleted.email).getByText('Deleted').filter({ visible: true })).not.toHaveCount(0);
});

test('rows are links that open in new tabs', async ({ adminPage: page, context, seed }) => {
	const { ordinary } = await getTestUsers(seed);
	await page.goto('/admin/users');
	const row = findRow(page, ordinary.email);
	const tab = context.waitForEvent('page');
	await row
		.getByRole('cell')
		.nth(-2)
		.click({ modifiers: ['ControlOrMeta'] });
	await expect(await tab).toHaveURL(`/admin/users/${ordinary.id}`);
	await expect(page).toHaveURL('/admin/users');
	await row.getByRole('cell').nth(-2).click();
	await expect(page).toHaveURL(`/admin/users/${ordinary.id}`);
});

test('a row has a menu of what can be done with the user', async ({ adminPage: page, seed }) => {
	const { ordinary, deleted } = await getTestUsers(seed);
	await page.goto('/admin/users?status=all');
	const button = findRow(page, ordinary.email).getByRole('button', { name: `Actions for ${ordinary.name}` });
	await button.focus();
	await page.keyboard.press('Enter');
	const menu = page.getByRole('menu', { name: `Actions for ${ordinary.name}` });
	await expect(menu.getByRole('menuitem', { name: 'Edit' })).toBeFocused();
	await expect(button).toHaveAttribute('aria-expanded', 'true');
	await page.keyboard.press('ArrowUp');
	await expect(menu.getByRole('menuitem', { name: 'Delete' })).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(menu).toBeHidden();
	await expect(button).toBeFocused();
	await expect(button).toHaveAttribute('aria-expanded', 'false');
	await button.click();
	await menu.getByRole('menuitem', { name: 'Audit log' }).click();
	await expect(page).toHaveURL(`/admin/audit?user=${ordinary.id}`);
	await page.setViewportSize({ width: 390, height: 844 });
	await page.goto('/admin/users?status=all');
	await findRow(page, deleted.email)
		.getByRole('button', { name: `Actions for ${deleted.name}` })
		.click();
	await expect(page.getByRole('menuitem', { name: 'Delete permanently' })).toBeInViewport();
	await expect(page.getByRole('menuitem', { name: 'Edit' })).toHaveCount(0);
	await expect(page.getByRole('menuitem', { name: 'Restore' })).toBeFocused();
});

test('going back restores the list, and its URL shows it elsewhere', async ({ adminPage: page, seed, visit }) => {
	const { ordinary } = await getTestUsers(seed);
	await page.goto('/admin/users');
	await findSearch(page).fill('o');
	await findFilter(page, 'Status').selectOption('Active');
	await expect(page).toHaveURL(
		(url) => url.searchParams.get('q') === 'o' && url.searchParams.get('status') === 'active'
	);
	await findHeader(page, 'Name').getByRole('link').click();
	await expect(findHeader(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	const shown = await namesIn(page).allTextContents();
	const address = page.url();
	await namesIn(page).filter({ hasText: ordinary.name }).click();
	await expect(page).toHaveURL(`/admin/users/${ordinary.id}`);
	await page.goBack();
	await expect(page).toHaveURL(address);
	await expect(findSearch(page)).toHaveValue('o');
	await expect(findFilter(page, 'Status')).toHaveValue('active');
	await expect(namesIn(page)).toHaveText(shown);

	const elsewhere = await visit(seed.admin);
	await elsewhere.goto(address);
	await expect(namesIn(elsewhere)).toHaveText(shown);
	await expect(findSearch(elsewhere)).toHaveValue('o');
	await expect(findHeader(elsewhere, 'Name')).toHaveAttribute('aria-sort', 'ascending');
});

test('the list works without JavaScript', async ({ seed, visit }) => {
	const { ordinary, deleted } = await getTestUsers(seed);
	const page = await visit(seed.admin, { javaScriptEnabled: false });
	await page.goto('/admin/users');
	await findSearch(page).fill('olga');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(namesIn(page)).toHaveText([ordinary.name]);
	await findSearch(page).fill('');
	await findFilter(page, 'Status').selectOption('Deleted');
	await page.getByRole('button', { name: 'Apply' }).click();
	await expect(namesIn(page)).toHaveText([deleted.name]);
	await findHeader(page, 'Name').getByRole('link').click();
	await expect(findHeader(page, 'Name')).toHaveAttribute('aria-sort', 'ascending');
	await expect(namesIn(page)).toHaveText([deleted.name]);
});
