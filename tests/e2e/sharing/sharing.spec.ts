import type { Page } from 'playwright/test';
import { addAlbum } from '../support/albums.ts';
import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';
import { uploadPhotos } from '../support/uploads.ts';

// Colors still in transition would be misread.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

for (const javaScriptEnabled of [true, false])
	test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
		test.use({ javaScriptEnabled });

		test('one sees who can see what, and ends a partnership, a link and a membership', async ({
			seed,
			server,
			visit
		}) => {
			const [ada, bob] = [await seed.makeUser({ name: 'Ada Stone' }), await seed.makeUser({ name: 'Bob Brook' })];
			const albumId = await addAlbum(server.dataDir, ada.id, { name: 'Garden', photos: 1, viewerId: bob.id });
			const [page, other] = [await visit(ada), await visit(bob)];
			await page.request.post('/api/partners', { data: { sharedWithId: bob.id } });
			await other.request.post('/api/partners', { data: { sharedWithId: ada.id } });
			await page.request.post('/api/shared-links', { data: { type: 'ALBUM', albumId } });

			await page.goto('/account/sharing');
			await expect(page.getByRole('link', { name: 'Garden', exact: true }).first()).toBeVisible();
			await page.getByRole('link', { name: 'End the sharing with Bob Brook' }).first().click();
			await expect(heading(page)).toHaveText('Stop sharing your library with Bob Brook');
			if (javaScriptEnabled) await examine(page);
			await press(page, 'Stop sharing');
			await expect(heading(page)).toHaveText('Who can see what');
			await page.getByRole('link', { name: 'End the sharing with Bob Brook' }).click();
			await expect(heading(page)).toHaveText('Stop seeing the library of Bob Brook');
			await press(page, 'End');
			await expect(page.getByRole('link', { name: /End the sharing/ })).toHaveCount(0);
			await page.getByRole('link', { name: 'Delete the link to Garden' }).click();
			await press(page, 'Delete link');
			await expect(heading(page)).toHaveText('Shared links');
			await page.goto('/account/sharing');
			await expect(page.getByText('No shared links.')).toBeVisible();
			if (javaScriptEnabled) await examine(page);

			await other.goto('/account/sharing');
			await other.getByRole('link', { name: 'Leave Garden' }).click();
			await press(other, 'Leave album');
			await expect(heading(other)).toHaveText('Albums');
			await other.goto('/account/sharing');
			await expect(other.getByText('No albums are shared.')).toBeVisible();
		});

		test('a partner opens the library, and no longer once it ends', async ({ seed, visit }) => {
			const [ada, bob] = [await seed.makeUser({ name: 'Ada Stone' }), await seed.makeUser({ name: 'Bob Brook' })];
			const [page, other] = [await visit(ada), await visit(bob)];
			await uploadPhotos(page, 2);
			await page.request.post('/api/partners', { data: { sharedWithId: bob.id } });
			await other.goto('/account/partners');
			await other.getByRole('link', { name: 'Ada Stone' }).click();
			await expect(heading(other)).toHaveText('Photos of Ada Stone');
			const photos = other.getByRole('region', { name: 'Photos of Ada Stone' }).getByRole('link');
			await expect(photos).toHaveCount(2);
			if (javaScriptEnabled) await examine(other);
			await photos.first().click();
			await expect(heading(other)).toHaveText(/photo \d\.jpg/);
			await other.getByRole('link', { name: 'Close' }).click();
			await expect(heading(other)).toHaveText('Photos of Ada Stone');

			await other.goto('/photos');
			await expect(other.getByText('No photos')).toBeVisible();
			await other.request.put(`/api/partners/${ada.id}`, { data: { inTimeline: true } });
			await other.reload();
			await expect(other.getByRole('region', { name: 'Photos' }).getByRole('link')).toHaveCount(2);

			await page.request.delete(`/api/partners/${bob.id}`);
			expect((await other.goto(`/account/partners/${ada.id}`))?.status()).toBe(404);
			await other.goto('/photos');
			await expect(other.getByText('No photos')).toBeVisible();
		});
	});

test('open pages of an album follow the other members', async ({ seed, server, visit, complaints }) => {
	const [ada, bob] = [await seed.makeUser(), await seed.makeUser()];
	const id = await addAlbum(server.dataDir, ada.id, { name: 'Garden', photos: 0, viewerId: bob.id });
	const [page, other] = [await visit(ada), await visit(bob)];
	await other.goto(`/albums/${id}`);
	await expect(other.getByText('You are a viewer')).toBeVisible();
	const ids = await uploadPhotos(page, 2);
	await page.request.put(`/api/albums/${id}/assets`, { data: { ids } });
	await expect(other.getByRole('list', { name: 'Photos' }).getByRole('link')).toHaveCount(2);
	await page.request.put(`/api/albums/${id}/user/${bob.id}`, { data: { role: 'editor' } });
	await expect(other.getByText('You are an editor')).toBeVisible();
	await page.request.delete(`/api/albums/${id}/user/${bob.id}`);
	await expect(other.getByRole('list', { name: 'Photos' })).toHaveCount(0);
	complaints.clear();
});
