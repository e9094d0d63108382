import type { Page } from 'playwright/test';
import type { TestUser } from '../support/accounts.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const title = 'Sign-in check';
const card = (page: Page) => page.locator('section').filter({ has: page.getByRole('heading', { name: title }) });
const stop = (page: Page) => card(page).locator('[data-state="closed"]');
const getPath = ({ id }: TestUser, below = '') => `/admin/users/${id}${below}`;

test('nothing blocks a user in good standing', async ({ adminPage: page, seed }) => {
	await page.goto(getPath(await seed.makeUser()));
	await expect(card(page)).toContainText('Sign-in should work.');
	await expect(stop(page)).toHaveCount(0);
	await expect(card(page)).toContainText('Not signed in on any device.');
});

test('a required password change is shown but does not block sign-in', async ({ adminPage: page, seed }) => {
	await page.goto(getPath(await seed.makeUser({ shouldChangePassword: true })));
	await expect(card(page)).toContainText('Can sign in, but must choose a new password first.');
	await expect(card(page).locator('[data-state="notice"]').last()).toContainText('Must choose a new password');
});

test('a deleted user is restored there', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await seed.call('DELETE', getPath(user), {});
	await page.goto(getPath(user));
	await expect(stop(page)).toHaveText('The account is deleted');
	await press(page, 'Restore the account');
	await expect(card(page)).toContainText('Sign-in should work.');
	expect(await seed.startSession(user)).not.toBe('');
});

test('a user without a password gets one', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await seed.spoilPassword(user, 'remove');
	await page.goto(getPath(user));
	await expect(stop(page)).toHaveText('No password is set');
	await page.getByRole('link', { name: 'Set a temporary password' }).click();
	await expect(page).toHaveURL(getPath(user, '/reset-password'));
	await press(page, 'Reset password');
	await expect(page.getByRole('code').first()).toBeVisible();
	const password = (await page.getByRole('code').first().textContent()) ?? '';
	expect(await seed.startSession({ ...user, password })).not.toBe('');
});

test('an expired temporary password is renewed', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser({ shouldChangePassword: true });
	await seed.spoilPassword(user, 'expire');
	await page.goto(getPath(user));
	await expect(stop(page)).toHaveText('The temporary password has expired');
	await expect(card(page)).toContainText('It expired 1 hour ago');
	await page.getByRole('link', { name: 'Set a new temporary password' }).click();
	await expect(page).toHaveURL(getPath(user, '/reset-password'));
	await press(page, 'Reset password');
	await expect(page.getByRole('code').first()).toBeVisible();
	await page.goto(getPath(user));
	await expect(stop(page)).toHaveCount(0);
});

test('too many wrong passwords show how long to wait, and can be reset', async ({ adminPage, visit, seed }) => {
	const user = await seed.makeUser();
	await seed.guess(user, 20);
	const page = await visit();
	await page.goto('/auth/login');
	await page.getByLabel('Email').fill(user.email);
	await page.getByLabel('Password', { exact: true }).fill(user.password);
	await press(page, 'Sign in');
	await expect(page.getByRole('alert')).toContainText('Too many wrong passwords. Try again in 15 minutes.');
	await adminPage.goto(getPath(user));
	await expect(card(adminPage)).toContainText('Locked out from these addresses');
	await expect(card(adminPage)).toContainText(/From 127\.0\.0\.1: again in 1\d minutes/);
	await press(adminPage, 'Unlock now');
	await expect(card(adminPage)).toContainText('Sign-in should work.');
	await page.getByLabel('Password', { exact: true }).fill(user.password);
	await press(page, 'Sign in');
	await expect(page).toHaveURL('/home');
});
