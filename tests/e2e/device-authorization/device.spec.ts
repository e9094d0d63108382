import type { Page } from 'playwright/test';
import { deviceCodeGrant, DeviceCodeResponseDto } from '#lib/contract/device-authorization/device-authorization.ts';
import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

/** Requests a code as a program does, outside the browser. */
async function request(baseURL = '') {
	const body = new URLSearchParams({ client_id: 'immich-auth' });
	const headers = { 'user-agent': 'immich-auth/0.1.0' };
	const response = await fetch(`${baseURL}/api/auth/device/code`, { method: 'POST', body, headers });
	const codes = DeviceCodeResponseDto.parse(await response.json());
	const poll = async (): Promise<unknown> => {
		const { device_code } = codes;
		const form = new URLSearchParams({ grant_type: deviceCodeGrant, device_code, client_id: 'immich-auth' });
		return (await fetch(`${baseURL}/api/auth/device/token`, { method: 'POST', body: form })).json();
	};
	const { pathname, search } = new URL(codes.verification_uri_complete);
	return { userCode: codes.user_code, link: pathname + search, poll };
}

const findCode = (page: Page) => page.getByRole('textbox', { name: 'Code' });

for (const javaScriptEnabled of [true, false]) {
	const how = javaScriptEnabled ? 'with' : 'without';

	test(`a typed code is approved ${how} JavaScript`, async ({ visit, seed, baseURL }) => {
		const user = await seed.makeUser();
		const page = await visit(user, { javaScriptEnabled });
		const { userCode, poll } = await request(baseURL);
		await page.goto('/device');
		await findCode(page).fill('BBBB-BBBB');
		await press(page, 'Continue');
		await expect(findCode(page)).toBeFocused();
		await expect(findCode(page)).toHaveAccessibleDescription(/No program is waiting with this code/);
		await findCode(page).fill(` ${userCode.toLowerCase().replace('-', ' ')}`);
		await press(page, 'Continue');

		await expect(page.getByRole('heading', { level: 2 })).toContainText('‘immich-auth’ wants to sign in');
		await expect(page.getByText(userCode, { exact: true })).toBeVisible();
		await expect(page.getByText('immich-auth 0.1.0')).toBeVisible();
		await expect(page.getByText('127.0.0.1')).toBeVisible();
		expect(await poll()).toEqual({ error: 'authorization_pending' });
		await press(page, 'Approve');
		await expect(page.getByText('It signs in within a few seconds')).toBeVisible();
		expect(await poll()).toMatchObject({ userId: user.id, userEmail: user.email });

		await page.getByRole('link', { name: 'Show your devices' }).click();
		await expect(page.getByRole('button', { name: 'Sign out: immich-auth' })).toBeVisible();
	});

	test(`a link leads through the sign-in, and its code is denied ${how} JavaScript`, async ({
		visit,
		seed,
		baseURL
	}) => {
		const { email, password } = await seed.makeUser();
		const page = await visit(null, { javaScriptEnabled });
		const { userCode, link, poll } = await request(baseURL);
		await page.goto(link);
		await page.getByLabel('Email').fill(email);
		await page.getByLabel('Password', { exact: true }).fill(password);
		await press(page, 'Sign in');
		await expect(findCode(page)).toHaveValue(userCode);
		await press(page, 'Continue');
		await press(page, 'Deny');
		await expect(page.getByText('was not signed in')).toBeVisible();
		expect(await poll()).toEqual({ error: 'access_denied' });

		await page.getByRole('link', { name: 'Enter another code' }).click();
		await expect(findCode(page)).toHaveValue('');
		await findCode(page).fill(userCode);
		await press(page, 'Continue');
		await expect(findCode(page)).toHaveAccessibleDescription(/has been used already/);
	});
}

test('a code that someone else has answered meanwhile leads back to the form', async ({ visit, seed, baseURL }) => {
	const [one, another] = [await visit(await seed.makeUser()), await visit(await seed.makeUser())];
	const { link } = await request(baseURL);
	for (const page of [one, another]) {
		await page.goto(link);
		await press(page, 'Continue');
		await expect(page.getByRole('button', { name: 'Deny' })).toBeVisible();
	}
	await press(one, 'Deny');
	await expect(one.getByText('was not signed in')).toBeVisible();
	await press(another, 'Approve');
	await expect(findCode(another)).toHaveAccessibleDescription(/has been used already/);
});

test('every state passes the page checks', async ({ visit, seed, baseURL }) => {
	const page = await visit(await seed.makeUser());
	const [approved, denied] = [await request(baseURL), await request(baseURL)];
	await page.goto('/device');
	await examine(page);
	await findCode(page).fill('nothing');
	await press(page, 'Continue');
	await expect(findCode(page)).toHaveAttribute('aria-invalid', 'true');
	await examine(page);
	await page.goto(approved.link);
	await press(page, 'Continue');
	await expect(page.getByRole('heading', { level: 2 })).toBeFocused();
	await examine(page);
	await press(page, 'Approve');
	await expect(page.getByRole('status').filter({ hasText: 'Approved' })).toBeFocused();
	await examine(page);
	await page.goto(denied.link);
	await press(page, 'Continue');
	await press(page, 'Deny');
	await expect(page.getByText('was not signed in')).toBeVisible();
	await examine(page);
});
