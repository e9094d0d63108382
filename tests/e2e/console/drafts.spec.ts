import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const newUserPath = '/admin/users/new';
const password = 'never to be stored';

test.beforeEach(({ adminPage }) => adminPage.goto(newUserPath));

test('a draft survives a reload, but the password does not', async ({ adminPage: page }) => {
	await page.getByLabel('Name').fill('Petra');
	await page.getByLabel('Email').fill('petra@example.test');
	await page.getByRole('checkbox', { name: 'Administrator' }).check();
	await page.getByRole('checkbox', { name: 'Require password change' }).uncheck();
	await page.getByLabel('Temporary password').fill(password);
	await page.getByRole('button', { name: 'Show password' }).click();
	await page.waitForFunction(() => JSON.stringify(sessionStorage).includes('petra@example.test'));
	expect(await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]))).not.toContain(password);

	page.once('dialog', (dialog) => void dialog.accept());
	await page.reload();
	await expect(page.getByText('We restored your unsaved changes')).toBeVisible();
	await expect(page.getByLabel('Name')).toHaveValue('Petra');
	await expect(page.getByLabel('Email')).toHaveValue('petra@example.test');
	await expect(page.getByRole('checkbox', { name: 'Administrator' })).toBeChecked();
	await expect(page.getByRole('checkbox', { name: 'Require password change' })).not.toBeChecked();
	await expect(page.getByLabel('Temporary password')).toHaveValue('');

	page.once('dialog', (dialog) => void dialog.accept());
	await press(page, 'Discard');
	await expect(page.getByLabel('Name')).toHaveValue('');
	await expect(page.getByText('We restored your unsaved changes')).toHaveCount(0);
	expect(await page.evaluate(() => Object.keys(sessionStorage))).not.toContain('immich-auth-draft:new-user');
});

test('the last change before a reload is kept', async ({ adminPage: page }) => {
	page.once('dialog', (dialog) => void dialog.accept());
	// Too soon for the timer that saves drafts.
	await page.evaluate(() => {
		const name = document.querySelector<HTMLInputElement>('input[name="name"]');
		if (!name) throw new Error('There is no name field');
		name.value = 'Late';
		name.dispatchEvent(new Event('input', { bubbles: true }));
		setTimeout(() => location.reload());
	});
	await expect(page.getByLabel('Name')).toHaveValue('Late');
});

test('submitting the form clears the draft', async ({ adminPage: page }) => {
	await page.getByLabel('Name').fill('Petra');
	await page.getByLabel('Email').fill('sent@example.test');
	await page.waitForFunction(() => JSON.stringify(sessionStorage).includes('sent@example.test'));
	await press(page, 'Create user');
	await expect(page.getByRole('heading', { name: 'Account created for Petra' })).toBeVisible();
	expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('sent@example.test');
});

test('signing out clears the drafts', async ({ adminPage: page }) => {
	await page.getByLabel('Name').fill('Petra');
	await page.waitForFunction(() => JSON.stringify(sessionStorage).includes('Petra'));
	page.on('dialog', (dialog) => void dialog.accept());
	await page.getByLabel(/^Account of/).click();
	await press(page, 'Sign out');
	await expect(page).toHaveURL(/\/auth\/login/);
	expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('Petra');
});

test('leaving with unsaved input asks first, and otherwise does not', async ({ adminPage: page }) => {
	const questions: string[] = [];
	let isLeavingAllowed = false;
	page.on('dialog', (dialog) => {
		questions.push(dialog.message());
		void (isLeavingAllowed ? dialog.accept() : dialog.dismiss());
	});
	await page.getByRole('link', { name: 'Cancel' }).click();
	await expect(page).toHaveURL('/admin/users');
	expect(questions).toEqual([]);

	await page.getByRole('link', { name: 'Create user' }).click();
	await page.getByLabel('Name').fill('Petra');
	await page.getByRole('link', { name: 'Cancel' }).click();
	await expect.poll(() => questions).toHaveLength(1);
	expect(questions[0]).toContain('unsaved changes');
	await expect(page).toHaveURL(newUserPath);
	await expect(page.getByLabel('Name')).toHaveValue('Petra');

	isLeavingAllowed = true;
	await page.getByRole('link', { name: 'Cancel' }).click();
	await expect(page).toHaveURL('/admin/users');
	await page.getByRole('link', { name: 'Create user' }).click();
	await expect(page.getByLabel('Name')).toHaveValue('');
});

test('input that was typed and undone does not ask', async ({ adminPage: page }) => {
	await page.getByLabel('Name').fill('Petra');
	await page.getByLabel('Name').fill('');
	page.on('dialog', (dialog) => void dialog.dismiss());
	await page.getByRole('link', { name: 'Cancel' }).click();
	await expect(page).toHaveURL('/admin/users');
});

test('a session that ended in the meantime loses no input', async ({ adminPage: page, context, seed }) => {
	await page.getByLabel('Name').fill('Petra');
	await page.getByLabel('Email').fill('later@example.test');
	await context.clearCookies();
	await press(page, 'Create user');
	await page.getByRole('link', { name: 'Go to sign-in page' }).click();
	await expect(page).toHaveURL(/\/auth\/login/);
	await page.getByLabel('Email').fill(seed.admin.email);
	await page.getByLabel('Password', { exact: true }).fill(seed.admin.password);
	await press(page, 'Sign in');
	await expect(page).toHaveURL(newUserPath);
	await expect(page.getByLabel('Email')).toHaveValue('later@example.test');
});
