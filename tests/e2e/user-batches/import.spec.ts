import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright/test';
import { readCsv } from '../../support/batches.ts';
import { examine } from '../support/examine.ts';
import { signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const readText = async (download: Download) => readFile(await download.path(), 'utf8');

/** Selects a file with this text, and has it checked. */
async function check(page: Page, text: string | Buffer): Promise<void> {
	const buffer = Buffer.from(text);
	await page.getByLabel(/^CSV file/).setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer });
	await press(page, 'Review import');
}

test('a file is checked, its valid lines are imported, and the users can sign in', async ({
	adminPage: page,
	seed,
	visit
}) => {
	await page.goto('/admin/users');
	await page.getByLabel('More', { exact: true }).click();
	await page.getByRole('link', { name: 'Import users from CSV' }).click();
	await check(page, `name,email\nIda Import,ida@example.test\nBroken,nonsense\nTaken,${seed.admin.email}\n`);
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create 1 user');
	await expect(page.getByText('2 lines can’t be imported')).toBeVisible();
	const line = (text: string) => page.getByRole('listitem').filter({ hasText: text });
	await expect(line('Broken')).toContainText('Invalid email address');
	await expect(line('Taken')).toContainText('This email is already in use');
	await examine(page);
	await press(page, 'Create 1 user');
	await expect(page.getByText('1 user created.')).toBeVisible();
	await expect(line('Ida Import').getByRole('link')).toHaveAttribute('href', /^\/admin\/users\/[\da-f-]{36}$/);
	await examine(page);
	const coming = page.waitForEvent('download');
	await press(page, 'Download the passwords');
	const [{ email = '', password = '' } = {}] = readCsv(await readText(await coming));
	const theirs = await visit();
	await signInByForm(theirs, { email, password });
	await expect(theirs).toHaveURL('/auth/change-password');
});

test('an invalid file is refused with a field error, and the next one is accepted', async ({ adminPage: page }) => {
	await page.goto('/admin/users/import');
	for (const [text, says] of [
		['name,email,password\nA,a@x.test,secret\n', 'Remove the password column'],
		[Buffer.from('name,email\nJos\u00e9,jose@x.test\n', 'latin1'), 'isn’t UTF-8'],
		['name\nA\n', '‘email’ is missing'],
		['name,email\n', 'contains no rows']
	] as const) {
		await check(page, text);
		await expect(page.getByLabel(/^CSV file/)).toHaveAccessibleDescription(new RegExp(says));
		await expect(page.getByLabel(/^CSV file/)).toBeFocused();
	}
	await check(page, `name,email\n${'x'.repeat(6 * 1024 * 1024)},a@x.test\n`);
	await expect(page.getByRole('alert')).toContainText('request is too large');
	await check(page, 'name;email\nJosé;jose@x.test\n');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Create 1 user');
	await press(page, 'Discard');
	await expect(page).toHaveURL('/admin/users');
});

test('without JavaScript, and without passwords', async ({ seed, visit }) => {
	const page = await visit(seed.admin, { javaScriptEnabled: false });
	await page.goto('/admin/users/import');
	await check(page, 'name,email,password\nA,a@x.test,secret\n');
	await expect(page.getByText('Remove the password column')).toBeVisible();
	await check(page, 'name,email\nNo Script,noscript@x.test\n');
	await press(page, 'Discard');
	await page.goto('/admin/users/import');
	await page.getByRole('checkbox', { name: /temporary password/ }).uncheck();
	await check(page, 'name,email\nNo Script,noscript@x.test\n');
	await press(page, 'Create 1 user');
	await expect(page.getByText('1 user created.')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Download the passwords' })).toHaveCount(0);
});
