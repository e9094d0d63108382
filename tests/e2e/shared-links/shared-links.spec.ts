import type { BrowserContext } from 'playwright/test';
import { createPicture } from '../../support/pictures.ts';
import { addAlbum } from '../support/albums.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Pictures of these albums have no files. */
async function showPictures(context: BrowserContext): Promise<void> {
	const body = await createPicture('png');
	await context.route(/\/api\/assets\/[^/]+\/thumbnail/, (route) => route.fulfill({ body, contentType: 'image/png' }));
}

for (const javaScriptEnabled of [true, false])
	test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
		test.use({ javaScriptEnabled });

		test('an album is shared by a link with a password, opened on a phone, and ended', async ({
			visit,
			seed,
			server
		}) => {
			const owner = await seed.makeUser();
			await addAlbum(server.dataDir, owner.id, { name: 'A week at the beach', photos: 5 });
			const page = await visit(owner);
			await showPictures(page.context());
			await page.goto('/account/shared-links');
			await page.getByRole('link', { name: 'Create link' }).first().click();
			await page.getByLabel('Album').selectOption('A week at the beach');
			await page.getByRole('textbox', { name: 'Description' }).fill('For everyone who was there');
			await page.getByLabel('Password', { exact: true }).fill('sand in the shoes');
			await press(page, 'Create link');
			await expect(page.getByRole('heading', { level: 1 })).toHaveText('A week at the beach');
			await expect(page.getByRole('img', { name: 'QR code of the link' })).toBeVisible();
			const address = (await page.getByRole('link', { name: 'Open' }).getAttribute('href')) ?? '';

			const guest = await visit(null, phone);
			await showPictures(guest.context());
			await guest.goto(address);
			await expect(guest.getByRole('heading', { level: 1 })).toHaveText('These photos need a password');
			await guest.getByLabel('Password', { exact: true }).fill('sand in the shoes');
			await press(guest, 'Show the photos');
			await expect(guest.getByRole('heading', { level: 1 })).toHaveText('A week at the beach');
			await expect(guest.getByRole('list', { name: 'Photos' }).getByRole('img')).toHaveCount(5);
			await guest.getByRole('list', { name: 'Photos' }).getByRole('link').first().click();
			await expect(guest.getByRole('link', { name: 'Next' })).toBeVisible();
			await guest.getByRole('link', { name: 'Back to all photos' }).click();
			await expect(guest.getByRole('link', { name: 'Download all' })).toBeVisible();

			await page.reload();
			await expect(page.getByText(/Opened (once|\d+ times)/)).toBeVisible();
			await press(page, 'Expire now');
			await expect(page.getByText('This link has expired')).toBeVisible();
			expect((await guest.goto(address))?.status()).toBe(404);
			await expect(guest.getByRole('heading', { level: 1 })).toHaveText('This link doesn’t work');
		});

		test('an admin sees who can see what of a user, and ends it', async ({ visit, seed, server }) => {
			const [owner, viewer] = [await seed.makeUser(), await seed.makeUser()];
			await addAlbum(server.dataDir, owner.id, { name: 'Garden', photos: 1, viewerId: viewer.id });
			const page = await visit(seed.admin);
			await page.goto(`/admin/users/${owner.id}`);
			await page.getByRole('main').getByRole('link', { name: 'Who can see what' }).click();
			await expect(page.getByText('Garden')).toBeVisible();
			await page.getByRole('link', { name: `Remove ${viewer.name} from Garden` }).click();
			await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Remove ${viewer.name} from ‘Garden’`);
			await press(page, 'Remove');
			await expect(page.getByText('No albums are shared.')).toBeVisible();
		});
	});
