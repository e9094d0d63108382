import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { Albums, type Member } from '#tests/support/albums.ts';
import { useApi } from '#tests/support/api.ts';

const api = useApi();
let albums: Albums;
beforeAll(() => {
	albums = new Albums(api);
});

const submit = (member: Member, path: string, form: Readonly<Record<string, string>>) =>
	api.submit(path, form, `immich_access_token=${member.token}`);

describe('forms about the photos of an album', () => {
	it('adds chosen photos, and says so if it can add none', async () => {
		const { owner, viewer, ownerPhoto, editorPhoto, id } = await albums.scene();
		const [one, two] = [await albums.sharing.makePhoto(owner.id), await albums.sharing.makePhoto(owner.id)];
		for (const path of [`/albums/${id}/add`, '/albums/add?/add']) {
			const added = await submit(owner, path, { album: id, assets: `${one},${two.toUpperCase()}` });
			expect([added.status, added.headers['location']]).toEqual([303, `/albums/${id}`]);
		}
		expect((await albums.photos(id)).sort()).toEqual([ownerPhoto, editorPhoto, one, two].sort());
		const foreign = await albums.sharing.makePhoto(viewer.id);
		const refused = await submit(owner, `/albums/${id}/add`, { album: id, assets: foreign });
		expect(refused.status).toBe(400);
		expect(refused.text).toContain('These photos no longer exist, or you can’t share them.');
		for (const [assets, message] of [
			['', 'Choose at least one photo.'],
			['nonsense', 'Choose at most 10,000 photos.']
		] as const)
			expect((await submit(owner, `/albums/${id}/add`, { album: id, assets })).text).toContain(message);
		expect((await submit(viewer, `/albums/${id}/add`, { album: id, assets: foreign })).status).toBe(400);
		expect(await albums.photos(id)).toHaveLength(4);
	});

	it('removes chosen photos, as far as the role allows', async () => {
		const { owner, editor, viewer, ownerPhoto, editorPhoto, id } = await albums.scene();
		const both = { assets: `${ownerPhoto},${editorPhoto}` };
		expect((await submit(viewer, `/albums/${id}?/remove`, both)).status).toBe(400);
		expect((await submit(editor, `/albums/${id}?/remove`, { assets: ownerPhoto })).status).toBe(400);
		expect((await submit(editor, `/albums/${id}?/remove`, both)).status).toBe(303);
		expect(await albums.photos(id)).toEqual([ownerPhoto]);
		expect((await submit(owner, `/albums/${id}?/remove`, both)).status).toBe(303);
		expect(await albums.photos(id)).toEqual([]);
	});

	it('hands a selection over to the pages that need it, and creates an album of it', async () => {
		const owner = await albums.signIn();
		const photo = await albums.sharing.makePhoto(owner.id);
		const unknown = randomUUID();
		for (const path of ['/albums/add?/choose', '/account/shared-links/new?/choose']) {
			const page = await submit(owner, path, { assets: `${photo},${unknown}` });
			expect(page.status).toBe(200);
			expect(page.text).toContain(`value="${photo},${unknown}"`);
			expect((await submit(owner, path, { assets: '' })).status).toBe(400);
		}
		const made = await submit(owner, '/albums/add?/create', { albumName: 'Summer', assets: `${photo},${unknown}` });
		expect(made.status).toBe(303);
		expect(await albums.photos(made.headers['location']?.split('/').at(-1) ?? '')).toEqual([photo]);
	});

	it('offers only the albums that the caller can add to', async () => {
		const { owner, editor, viewer, outsider, ownerPhoto, id } = await albums.scene();
		for (const [member, count] of [
			[owner, 1],
			[editor, 1],
			[viewer, 0],
			[outsider, 0]
		] as const) {
			const page = await api.request('GET', `/albums/add?assets=${ownerPhoto}`, {
				cookie: `immich_access_token=${member.token}`
			});
			expect(page.text.split(`value="${id}"`).length - 1).toBe(count);
		}
	});
});
