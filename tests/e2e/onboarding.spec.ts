import type { Page } from 'playwright/test';
import { expect, test } from './support/test.ts';

const admin = { name: 'Ada', email: 'admin@example.test', password: 'correct horse battery' };
const newcomer = { name: 'Ben', email: 'ben@example.test', password: 'a password of my own' };

async function signIn(page: Page, email: string, password: string): Promise<void> {
	await page.goto('/auth/login');
	await page.getByLabel('E-mail').fill(email);
	await page.getByLabel('Password', { exact: true }).fill(password);
	await page.getByRole('button', { name: 'Sign in' }).click();
}

test('the first admin registers and works at once', async ({ page }) => {
	await page.goto('/');
	await expect(page).toHaveURL('/auth/register');
	await page.getByLabel('Name').fill(admin.name);
	await page.getByLabel('E-mail').fill(admin.email);
	await page.getByLabel('Password', { exact: true }).fill(admin.password);
	await page.getByRole('button', { name: 'Create administrator' }).click();
	await expect(page).toHaveURL('/admin/users');
	await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible();
});

for (const javaScriptEnabled of [true, false])
	test.describe(`the main job ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
		test.describe.configure({ mode: 'serial' });
		test.use({ javaScriptEnabled });
		const person = { ...newcomer, email: `${javaScriptEnabled ? 'with' : 'without'}-${newcomer.email}` };
		let temporaryPassword = '';

		test('the admin creates a user with a temporary password, shown once', async ({ page }) => {
			await signIn(page, admin.email, admin.password);
			await page.getByRole('link', { name: 'Create user' }).first().click();
			await page.getByLabel('Name').fill(person.name);
			await page.getByLabel('E-mail').fill(person.email);
			await page.getByRole('button', { name: 'Create user' }).click();
			temporaryPassword = (await page.locator('code').first().textContent())?.trim() ?? '';
			expect(temporaryPassword).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
			expect(page.url()).not.toContain(temporaryPassword);
		});

		test('that user must change it, and is refused everything else until then', async ({ page }) => {
			await signIn(page, person.email, temporaryPassword);
			await expect(page).toHaveURL('/auth/change-password');
			await page.goto('/account/profile');
			await expect(page).toHaveURL('/auth/change-password');
			const refused = await page.request.get('/api/users');
			expect(refused.status()).toBe(403);
			expect(await refused.json()).toEqual({ message: 'Password change required' });
			expect((await page.request.get('/api/users/me')).status()).toBe(200);

			await page.getByLabel('Current password').fill(temporaryPassword);
			await page.getByLabel('New password').fill(person.password);
			await page.getByRole('button', { name: 'Change password' }).click();
			await expect(page).toHaveURL('/account/profile');
			await expect(page.getByRole('heading', { name: person.name })).toBeVisible();
		});
	});
