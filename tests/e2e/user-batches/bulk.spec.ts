import { readCsv } from '../../support/batches.ts';
import { bar, boxes, choose, download, outcome } from '../support/bulk.ts';
import { getCrowd } from '../support/crowd.ts';
import { findFilter, namesIn, findSearch } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

// The first test waits until 100,000 users are created.
test.setTimeout(600_000);
test.use({ contextOptions: { reducedMotion: 'reduce' } });
test.beforeEach(({ seed, server }) => getCrowd(seed, server, 100_000));

test('among 100,000: users are found, filtered, selected across pages and changed, and one failure is retried', async ({
	adminPage: page,
	seed
}) => {
	await page.goto('/admin/users');
	await findSearch(page).pressSequentially('ada');
	await expect(page).toHaveURL(/q=ada/);
	await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText(/of 4,9\d\d|of 5,\d\d\d/);
	await findFilter(page, 'Sign-in').selectOption('OAuth linked');
	await expect(page.getByText('No matching users')).toBeVisible();
	await findFilter(page, 'Sign-in').selectOption('Any');
	await findFilter(page, 'Storage').selectOption('Over quota');
	await expect(page).toHaveURL(/quota=over/);
	await expect(page.getByText('No matching users')).toBeVisible();
	await findFilter(page, 'Storage').selectOption('Any');
	await expect(page).not.toHaveURL(/quota/);
	await expect(namesIn(page).first()).toContainText('Ada');

	// From the fourth to the ninth with Shift, without the sixth; then two of the next page; then the caller.
	await boxes(page).nth(3).click();
	await boxes(page)
		.nth(8)
		.click({ modifiers: ['Shift'] });
	await expect(bar(page)).toContainText('6 selected');
	await boxes(page).nth(5).click();
	await expect(bar(page)).toContainText('5 selected');
	await page.getByRole('link', { name: 'Next', exact: true }).click();
	await expect(page).toHaveURL(/after=/);
	await boxes(page).nth(0).click();
	await boxes(page)
		.nth(1)
		.click({ modifiers: ['Shift'] });
	await expect(bar(page)).toContainText('7 selected');
	await page.reload();
	await expect(bar(page)).toContainText('7 selected');
	await findSearch(page).fill('ada@example');
	await expect(namesIn(page)).toHaveText([seed.admin.name]);
	await boxes(page).nth(0).click();
	await expect(bar(page)).toContainText('8 selected');

	await choose(page, 'Delete');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Delete 8 users');
	await press(page, 'Delete 8 users');
	await expect(page.getByText('7 users deleted.')).toBeVisible();
	await expect(page.getByRole('progressbar')).toHaveAccessibleName('Progress');
	await outcome(page, 'Failed 1').click();
	await expect(page.getByRole('listitem').filter({ hasText: 'You cannot delete your own account' })).toContainText(
		seed.admin.name
	);
	await page.reload();
	await expect(page.getByText('You cannot delete your own account')).toBeVisible();
	const result = await download(page, () => page.getByRole('link', { name: 'Download results' }).click());
	const rows = readCsv(result);
	expect(rows.map((row) => row['outcome']).sort()).toEqual([...Array<string>(7).fill('done'), 'failed']);

	await press(page, 'Retry 1 failed');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Delete 1 user');
	await press(page, 'Delete 1 user');
	await expect(page.getByText('0 users deleted.')).toBeVisible();
	await page.getByRole('link', { name: 'Bulk actions' }).click();
	await expect(page.getByRole('listitem').filter({ hasText: 'Delete 8 users' })).toContainText('1 failed');

	// The deleted users are restored: all that match.
	await page.goto('/admin/users?status=deleted&q=ada');
	await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
	await choose(page, 'Restore');
	await page.getByRole('button', { name: /^Restore/ }).click();
	await expect(page.getByText(/users restored\.$/)).toBeVisible();
});

test('all matching users are changed in one bulk action, and the progress survives a reload', async ({
	adminPage: page
}) => {
	await page.goto('/admin/users?role=user');
	await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
	await expect(bar(page)).toContainText('50 selected');
	await bar(page)
		.getByRole('button', { name: /^Select all/ })
		.click();
	await expect(bar(page)).toContainText(/All 9\d,\d{3} selected/);
	await bar(page).getByLabel('Action', { exact: true }).selectOption('Set the storage quota');
	await bar(page)
		.getByLabel(/^Quota/)
		.fill('nonsense');
	await press(page, 'Review…');
	await expect(page.getByText('Enter a size such as 50 GB')).toBeVisible();
	await bar(page)
		.getByLabel(/^Quota/)
		.fill('7 GiB');
	await press(page, 'Review…');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Set the quota of 9\d,\d{3} users to 7 GiB$/);
	await page.getByRole('button', { name: /^Set the quota/ }).click();
	await expect(page.getByText('You can leave this page; it continues in the background.')).toBeVisible();
	await page.reload();
	await expect(page.getByText(/ users have the new quota\.$/)).toBeVisible({ timeout: 100_000 });
	await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /^(9\d,\d{3}) of \1$/);
});

test('the list shows its counts, exports can be imported, and chosen columns are kept', async ({ adminPage: page }) => {
	await page.goto('/admin/users?seen=never');
	await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText('of more than 10,000');
	await page.goto('/admin/users?q=hugo&role=admin');
	const more = page.getByLabel('More', { exact: true });
	await more.click();
	const csv = readCsv(await download(page, () => page.getByRole('link', { name: 'Export list as CSV' }).click()));
	const json: unknown = JSON.parse(
		await download(page, () => page.getByRole('link', { name: 'Export list as JSON' }).click())
	);
	expect(json).toHaveLength(csv.length);
	const counted = await page.getByRole('navigation', { name: 'Pages' }).textContent();
	expect(counted).toContain(`of ${csv.length.toLocaleString('en')}`);
	expect(csv.every(({ role, name = '' }) => role === 'admin' && /hugo/i.test(name))).toBe(true);

	await page.setViewportSize({ width: 1600, height: 900 });
	const header = (name: string) => page.getByRole('columnheader', { name });
	await expect(header('Sign-in')).toHaveCount(0);
	await page.getByLabel('Columns', { exact: true }).click();
	await page.getByRole('checkbox', { name: 'Sign-in' }).check();
	await expect(header('Sign-in')).toBeVisible();
	await page.getByRole('checkbox', { name: 'Last active' }).uncheck();
	await expect(header('Last active')).toHaveCount(0);
	await page.goto('/admin/users');
	await expect(header('Sign-in')).toBeVisible();
	await expect(header('Last active')).toHaveCount(0);
});
