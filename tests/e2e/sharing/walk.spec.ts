import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright/test';
import { z } from 'zod';
import { runImmich } from '../../support/immich-cli.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';
import { countLoaded, createPhoto, uploadPhotos } from '../support/uploads.ts';

const count = 200;
const dayMs = 86_400_000;
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const Key = z.object({ secret: z.string() });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const inAlbum = (page: Page) => page.getByRole('list', { name: 'Photos' }).getByRole('listitem');
const inGrid = (page: Page, name: string) => page.getByRole('region', { name }).getByRole('link');

/** Waits until every picture in view has arrived. */
const expectPictures = async (page: Page): Promise<void> => {
	await expect.poll(() => countLoaded(page)).toBeGreaterThan(8);
};

/** Uploads so many pictures of many days with Immich's own command line into a new album. */
async function uploadFolder(page: Page, url: string, albumName: string): Promise<void> {
	const reply = await page.request.post('/api/api-keys', { data: { name: 'CLI', permissions: ['all'] } });
	const { secret } = Key.parse(await reply.json());
	const [folder, config] = [
		await mkdtemp(path.join(tmpdir(), 'immich-auth-walk-')),
		await mkdtemp(path.join(tmpdir(), 'immich-auth-cli-'))
	];
	try {
		for (let at = 0; at < count; at++) {
			const file = path.join(folder, `photo ${at}.jpg`);
			await writeFile(file, await createPhoto());
			const taken = new Date(Date.parse('2026-06-30T12:00:00Z') - Math.floor(at / 5) * dayMs);
			await utimes(file, taken, taken);
		}
		await runImmich(config, ['login', `${url}/api`, secret]);
		const { printed } = await runImmich(config, ['upload', '--recursive', '--album-name', albumName, folder]);
		expect(printed).toContain(`Successfully uploaded ${count} new assets`);
	} finally {
		await rm(folder, { recursive: true });
		await rm(config, { recursive: true });
	}
}

async function share(page: Page, name: string, role: 'Editor' | 'Viewer'): Promise<void> {
	await page.getByLabel('Find a user').fill(name);
	await press(page, 'Search');
	await page.getByLabel('Role', { exact: true }).selectOption(role);
	await press(page, `Add: ${name}`);
	await expect(page.getByRole('list', { name: 'Members' })).toContainText(name);
}

test('200 pictures are shared with an editor, a viewer, a partner and by a link, and each right ends immediately', async ({
	seed,
	server,
	visit,
	complaints
}) => {
	test.setTimeout(420_000);
	const ada = await seed.makeUser({ name: 'Ada Stone' });
	const [bob, cara] = [await seed.makeUser({ name: 'Bob Brook' }), await seed.makeUser({ name: 'Cara Field' })];
	const page = await visit(ada);
	await uploadFolder(page, server.url, 'Summer');

	// The grid and the album.
	await page.goto('/photos');
	await expectPictures(page);
	expect(await (await page.request.get('/api/assets/statistics')).json()).toMatchObject({ total: count });
	await page.getByRole('link', { name: 'Albums', exact: true }).first().click();
	await expect(page.getByText(`${count} photos`)).toBeVisible();
	await page.getByRole('link', { name: /^Summer/ }).click();
	await expect(heading(page)).toHaveText('Summer');
	const albumPath = new URL(page.url()).pathname;
	await expectPictures(page);

	// An editor and a viewer.
	await page.getByRole('link', { name: 'Share', exact: true }).click();
	await share(page, 'Bob Brook', 'Editor');
	await share(page, 'Cara Field', 'Viewer');
	const [editor, viewer] = [await visit(bob), await visit(cara)];
	await viewer.goto(albumPath);
	await expect(viewer.getByText('You are a viewer')).toBeVisible();
	await expect(viewer.getByRole('link', { name: 'Add photos' })).toHaveCount(0);
	await expectPictures(viewer);
	await uploadPhotos(editor, 1, '2026-07-04T12:00:00.000Z');
	await editor.goto(albumPath);
	await editor.getByRole('link', { name: 'Add photos' }).click();
	await editor.getByRole('region', { name: 'Your photos' }).getByRole('button').click();
	await press(editor, 'Add to album');
	await expect(editor.getByText(`${count + 1} photos, `)).toBeVisible();
	await expect(viewer.getByText(`${count + 1} photos, `)).toBeVisible();

	// A partner.
	await page.goto('/account/partners');
	await page.getByLabel('Find a user').fill(cara.email);
	await press(page, 'Search');
	await press(page, 'Share my library: Cara Field');
	await expect(page.getByRole('list', { name: 'I share with' })).toContainText('Cara Field');
	const partner = await viewer.context().newPage();
	await partner.goto('/account/partners');
	await partner.getByRole('link', { name: 'Ada Stone' }).click();
	await expect(heading(partner)).toHaveText('Photos of Ada Stone');
	await expectPictures(partner);
	const pictureOf = async (other: Page) =>
		(await other.locator('img[src*="thumbnail"]').first().getAttribute('src')) ?? '';
	const partnerPicture = await pictureOf(partner);

	// A link with a password that expires.
	await page.goto(albumPath);
	await page.getByRole('link', { name: 'Create link' }).click();
	await page.getByLabel('Password', { exact: true }).fill('sand in the shoes');
	await page.getByLabel('Expires').selectOption('In 30 days');
	await press(page, 'Create link');
	const address = (await page.getByRole('link', { name: 'Open' }).getAttribute('href')) ?? '';
	const guest = await visit(null, phone);
	await guest.goto(address);
	await guest.getByLabel('Password', { exact: true }).fill('sand in the shoes');
	await press(guest, 'Show the photos');
	await expect(heading(guest)).toHaveText('Summer');
	await expect(guest.getByText(`${count + 1} photos · available until`)).toBeVisible();
	await expectPictures(guest);
	const guestPicture = await pictureOf(guest);
	expect((await guest.request.get(guestPicture)).status()).toBe(200);

	// Each right is revoked and gone immediately.
	await press(page, 'Expire now');
	await expect(page.getByText('This link has expired')).toBeVisible();
	expect((await guest.request.get(guestPicture)).status()).toBe(401);
	expect((await guest.goto(address))?.status()).toBe(404);

	await page.goto(`${albumPath}/members`);
	await page.getByLabel('Role of Bob Brook').selectOption('Viewer');
	const row = page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: 'Bob Brook' });
	await row.getByRole('button', { name: 'Save' }).click();
	await expect(editor.getByText('You are a viewer')).toBeVisible();
	await expect(editor.getByRole('link', { name: 'Add photos' })).toHaveCount(0);
	for (const [name, other] of [
		['Bob Brook', editor],
		['Cara Field', viewer]
	] as const) {
		await expect(inAlbum(other).first()).toBeVisible();
		await press(page, `Remove ${name}`);
		await expect(inAlbum(other)).toHaveCount(0);
		expect((await other.request.get(albumPath)).status()).toBe(404);
	}

	// The viewer is still a partner.
	expect((await partner.request.get(partnerPicture)).status()).toBe(200);
	await page.goto('/account/sharing');
	await page.getByRole('link', { name: 'End the sharing with Cara Field' }).click();
	await press(page, 'Stop sharing');
	await expect(heading(page)).toHaveText('Who can see what');
	expect((await partner.request.get(partnerPicture)).status()).toBe(400);
	expect((await partner.goto(`/account/partners/${ada.id}`))?.status()).toBe(404);
	await expect(inGrid(partner, 'Photos of Ada Stone')).toHaveCount(0);
	complaints.clear();
});
