import { expect, type Page } from 'playwright/test';
import { z } from 'zod';
import { expectError, expectSecret, press, type State } from './states.ts';

const Made = z.object({ id: z.string(), secret: z.string() });

/** Creates a key of the page's user. */
async function makeKey(page: Page, name: string, permissions: readonly string[], expiresAt: string | null = null) {
	const data = { name, permissions, expiresAt };
	return Made.parse(await (await page.request.post('/api/api-keys/details', { data })).json());
}

/** Opens the page of a key that has all permissions and has read its owner's user. */
async function openUsedKey(page: Page): Promise<void> {
	const { id, secret } = await makeKey(page, 'Backup on the NAS', ['all']);
	await fetch(new URL('/api/users/me', page.url()), { headers: { 'x-api-key': secret, 'user-agent': 'curl/8.5.0' } });
	await page.goto(`/account/api-keys/${id}`);
	await expect(page.getByText(/^Used 1 of \d+ in 30 days/)).toBeVisible();
}

const listPath = '/account/api-keys';
const newPath = `${listPath}/new`;

const apiKeys: readonly State[] = [
	{ title: 'no API keys', who: 'secondAdmin', path: listPath },
	{
		title: 'your API keys',
		who: 'ordinary',
		path: listPath,
		act: async ({ page }) => {
			const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
			await makeKey(page, 'Photo frame in the kitchen', ['asset.read', 'asset.view', 'album.read', 'user.read']);
			await makeKey(page, 'Everything, for three days', ['all'], inDays(3));
			await makeKey(page, 'W'.repeat(200), ['user.read'], inDays(90));
			await page.reload();
			await expect(page.getByText('Expires soon')).toBeVisible();
		}
	},
	{ title: 'a new API key', who: 'ordinary', path: newPath },
	{
		title: 'a new API key, begun with what is usual',
		who: 'ordinary',
		path: newPath,
		act: async ({ page }) => {
			await page.getByRole('link', { name: 'Viewer', exact: true }).click();
			await expect(page.getByLabel('Show selected only')).toBeChecked();
		}
	},
	{
		title: 'a new API key, refused',
		who: 'ordinary',
		path: newPath,
		act: async ({ page }) => {
			await page.getByRole('textbox', { name: 'Name' }).fill('Nothing');
			await press(page, 'Create API key');
			await expect(page.getByText('Choose at least one.')).toBeVisible();
			await expectError(page);
		}
	},
	{
		title: 'a new API key, made',
		who: 'ordinary',
		path: `${newPath}?for=kiosk`,
		act: async ({ page }) => {
			await page.getByRole('textbox', { name: 'Name' }).fill('Photo frame in the hall');
			await press(page, 'Create API key');
			await expectSecret(page);
		}
	},
	{ title: 'an API key', who: 'ordinary', path: listPath, act: ({ page }) => openUsedKey(page) },
	{
		title: 'an API key to be trimmed',
		who: 'ordinary',
		path: listPath,
		act: async ({ page }) => {
			await openUsedKey(page);
			await page.getByRole('link', { name: /^Remove unused permissions/ }).click();
			await expect(page.getByRole('heading', { name: 'Removed' })).toBeVisible();
		}
	}
];

const pinPath = '/account/pin';
const pinCode = '135790';

/** Sets a PIN if there is none yet, and reloads the page. */
async function givePin(page: Page): Promise<void> {
	await page.request.post('/api/auth/pin-code', { data: { pinCode } });
	await page.reload();
	await expect(page.getByRole('link', { name: 'Change PIN' })).toBeVisible();
}

const pin: readonly State[] = [
	{ title: 'no PIN', who: 'long', path: pinPath },
	{
		title: 'a PIN to be set, refused',
		who: 'long',
		path: pinPath,
		act: async ({ page }) => {
			await page.getByLabel(/^PIN/).fill(pinCode);
			await page.getByLabel(/^Confirm( new)? PIN/).fill('135791');
			await press(page, 'Set PIN');
			await expectError(page);
		}
	},
	{ title: 'a PIN', who: 'ordinary', path: pinPath, act: ({ page }) => givePin(page) },
	{
		title: 'a wrong PIN',
		who: 'ordinary',
		path: pinPath,
		act: async ({ page }) => {
			await givePin(page);
			await page.getByLabel('PIN', { exact: true }).fill('000000');
			await press(page, 'Unlock');
			await expectError(page);
		}
	},
	{
		title: 'a PIN, unlocked',
		who: 'ordinary',
		path: pinPath,
		act: async ({ page }) => {
			await givePin(page);
			await page.getByLabel('PIN', { exact: true }).fill(pinCode);
			await press(page, 'Unlock');
			await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible();
		}
	},
	{
		title: 'a change of the PIN, refused',
		who: 'ordinary',
		path: pinPath,
		act: async ({ page }) => {
			await givePin(page);
			await page.getByRole('link', { name: 'Change PIN' }).click();
			await page.getByLabel(/^New PIN/).fill('246802');
			await page.getByLabel(/^Confirm( new)? PIN/).fill('246803');
			await press(page, 'Change PIN');
			await expectError(page);
		}
	},
	{
		title: 'a removal of the PIN',
		who: 'ordinary',
		path: pinPath,
		act: async ({ page }) => {
			await givePin(page);
			await page.getByRole('link', { name: 'Remove PIN' }).click();
			await expect(page.getByRole('button', { name: 'Remove PIN' })).toBeVisible();
		}
	}
];

/** Own account pages besides profile, password and devices. */
export const own: readonly State[] = [...apiKeys, ...pin];
