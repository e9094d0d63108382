import type { Page } from 'playwright/test';
import { z } from 'zod';
import type { TestUser } from '../support/accounts.ts';
import { findRow, signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const Account = z.object({ updatedAt: z.string(), isAdmin: z.boolean() });

const getPath = ({ id }: TestUser, below = '') => `/admin/users/${id}${below}`;
const badge = (page: Page, text: string) => page.getByRole('main').getByText(text, { exact: true });

test.describe('edit', () => {
	test('changes are shown on the page and in the list', async ({ adminPage: page, seed }) => {
		const user = await seed.makeUser({ name: 'Ed Before' });
		await page.goto(getPath(user));
		await page.getByRole('link', { name: 'Edit' }).click();
		await page.getByLabel('Name').fill('Ed After');
		await page.getByLabel('Email').fill('ed.after@example.test');
		await page.getByLabel('Storage quota').fill('1.5 TiB');
		await page.getByLabel('Storage label').fill('ed');
		await page.getByRole('checkbox', { name: 'Administrator' }).check();
		await press(page, 'Save');
		await expect(page).toHaveURL(getPath(user));
		await expect(page.getByText('Saved', { exact: true })).toBeVisible();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ed After');
		await expect(page.getByRole('definition').filter({ hasText: /^ed$/ })).toBeVisible();
		await expect(page.getByText('0 B of 1.5 TiB')).toBeVisible();
		await page.goto('/admin/users?q=ed.after');
		await expect(findRow(page, 'Ed After')).toContainText('Administrator');
	});

	test('saving without changes changes nothing', async ({ adminPage: page, seed }) => {
		const user = await seed.makeUser({ quotaSizeInBytes: 1_234_567_890, storageLabel: 'same', name: 'Same' });
		const read = async () => Account.parse(await (await seed.call('GET', getPath(user))).json()).updatedAt;
		const before = await read();
		await page.goto(getPath(user, '/edit'));
		await press(page, 'Save');
		await expect(page).toHaveURL(getPath(user));
		expect(await read()).toBe(before);
	});

	test('users cannot change their own role', async ({ adminPage: page, seed, server }) => {
		await page.goto(getPath(seed.admin, '/edit'));
		await expect(page.getByRole('checkbox', { name: 'Administrator' })).toHaveCount(0);
		await expect(page.getByText('You can’t remove your own administrator role')).toBeVisible();
		const { name, email } = seed.admin;
		const forged = await page.request.post(getPath(seed.admin, '/edit'), {
			form: { name, email, quota: '', storageLabel: 'admin' },
			headers: { origin: server.url }
		});
		expect(await forged.json()).toMatchObject({ type: 'failure', status: 400 });
		const { isAdmin } = Account.parse(await (await seed.call('GET', getPath(seed.admin))).json());
		expect(isAdmin).toBe(true);
	});

	test('one admin demotes another', async ({ adminPage: page, seed, visit }) => {
		const second = await seed.makeUser({ isAdmin: true });
		const other = await visit(second);
		await other.goto('/admin/users');
		await page.goto(getPath(second, '/edit'));
		await page.getByRole('checkbox', { name: 'Administrator' }).uncheck();
		await press(page, 'Save');
		await expect(page).toHaveURL(getPath(second));
		expect((await other.goto('/admin/users'))?.status()).toBe(403);
	});
});

test.describe('password', () => {
	test('a reset ends the user’s sessions and shows the new password once', async ({ adminPage, seed, visit }) => {
		const user = await seed.makeUser();
		const other = await visit(user);
		await other.goto('/account/profile');
		await adminPage.goto(getPath(user));
		await adminPage.getByRole('link', { name: 'Reset password' }).click();
		await expect(adminPage.getByText(/signed out of 1 session/)).toBeVisible();
		await press(adminPage, 'Reset password');
		const password = (await adminPage.getByRole('code').first().textContent()) ?? '';
		expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
		expect(adminPage.url()).not.toContain(password);

		await other.goto('/account/password');
		await expect(other).toHaveURL('/auth/login?continue=%2Faccount%2Fpassword');
		await signInByForm(other, user);
		await expect(other.getByRole('alert')).toBeVisible();
		await signInByForm(other, { ...user, password });
		await expect(other).toHaveURL('/auth/change-password');

		adminPage.once('dialog', (dialog) => void dialog.accept());
		await adminPage.reload();
		await expect(adminPage.getByRole('button', { name: 'Reset password' })).toBeVisible();
		expect(await adminPage.content()).not.toContain(password);
	});

	test('a password change can be required of a signed-in user', async ({ adminPage, seed, visit }) => {
		const user = await seed.makeUser();
		const other = await visit(user);
		await other.goto('/account/profile');
		await adminPage.goto(getPath(user));
		await expect(badge(adminPage, 'Active')).toBeVisible();
		await press(adminPage, 'Require password change');
		await expect(badge(adminPage, 'Password change required')).toBeVisible();
		await expect(adminPage.getByText('User must change their password')).toBeVisible();
		await expect(adminPage.getByRole('button', { name: 'Require password change' })).toHaveCount(0);

		// The open page redirects there without a click.
		await expect(other).toHaveURL('/auth/change-password');
		await other.getByLabel('Current password').fill(user.password);
		await other.getByLabel('New password').fill('another password of my own');
		await press(other, 'Change password');
		await expect(other).toHaveURL('/home');
		await adminPage.reload();
		await expect(badge(adminPage, 'Active')).toBeVisible();
		await expect(adminPage.getByText(/^Chosen by this user/)).toBeVisible();
	});

	test('a required change keeps unsaved input, and does not ask for sign-in', async ({ adminPage, seed, visit }) => {
		const user = await seed.makeUser();
		const other = await visit(user);
		await other.goto('/account/profile');
		const refused = other.waitForResponse(
			(response) => response.url().endsWith(`/api/users/${user.id}`) && response.status() === 403
		);
		const name = other.getByRole('main').getByLabel('Name', { exact: true });
		await name.fill('Half a name');
		await adminPage.goto(getPath(user));
		await press(adminPage, 'Require password change');
		await refused;
		await expect(name).toHaveValue('Half a name');
		await expect(other.getByRole('dialog')).toHaveCount(0);
		other.on('dialog', (dialog) => void dialog.accept());
		await other.getByRole('link', { name: 'Password' }).first().click();
		await expect(other).toHaveURL('/auth/change-password');
	});
});

test.describe('access', () => {
	test('an unknown user returns 404', async ({ adminPage: page }) => {
		for (const id of ['00000000-0000-4000-8000-000000000000', 'nonsense']) {
			const answer = await page.goto(`/admin/users/${id}`);
			expect(answer?.status()).toBe(404);
			await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
		}
		await page.goto('/admin/users/00000000-0000-4000-8000-000000000000');
		await page.getByRole('main').getByRole('link', { name: 'All users' }).click();
		await expect(page).toHaveURL('/admin/users');
	});

	test('other users get 403', async ({ seed, visit, server }) => {
		const user = await seed.makeUser({ name: 'Private Person' });
		const page = await visit(await seed.makeUser());
		for (const below of ['', '/edit', '/reset-password', '/delete']) {
			const action = getPath(user, below === '' ? '?/restore' : below);
			const answer = await page.goto(getPath(user, below));
			expect(answer?.status()).toBe(403);
			await expect(page.getByText('You do not have access to this page')).toBeVisible();
			expect(await page.content()).not.toContain(user.name);
			const data = await page.request.get(`${getPath(user, below)}/__data.json`);
			expect(await data.text()).not.toContain(user.name);
			const posted = await page.request.post(action, { form: {}, headers: { origin: server.url } });
			expect(posted.status()).toBe(403);
		}
		await page.getByRole('link', { name: /go to home/i }).click();
		await expect(page).toHaveURL('/home');
	});
});
