import * as sdk from '@immich/sdk';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { noAccess } from '#tests/support/albums.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { upload, uploadPicture } from '#tests/support/uploads.ts';

const api = useApi();
const call = async (token: string, method: string, path: string, body?: unknown) => {
	const reply = await api.request(method, `/api/assets/${path}`, { token, ...(body !== undefined && { body }) });
	return [reply.status, reply.body];
};

async function signInWithPhoto() {
	const { user, token } = await api.accounts.signIn();
	const sharing = new Sharing(api.prisma);
	const id = await sharing.makePhoto(user.id);
	return { user, token, id, sharing };
}

const note = { key: 'mobile-app', value: { iCloudId: 'abc', nested: { list: [1, 'ü', null] } } };
const stored = { ...note, updatedAt: expect.any(String) as string };

describe('what apps note about photos', () => {
	it('is stored, replaced, read and removed', async () => {
		const { token, id } = await signInWithPhoto();
		expect(await call(token, 'GET', `${id}/metadata`)).toEqual([200, []]);
		expect(await call(token, 'PUT', `${id}/metadata`, { items: [note, { key: 'a', value: {} }] })).toEqual([
			200,
			[stored, { key: 'a', value: {}, updatedAt: expect.any(String) as string }]
		]);
		const changed = { key: 'a', value: { b: true } };
		expect(await call(token, 'PUT', `${id}/metadata`, { items: [changed] })).toMatchObject([200, [changed]]);
		expect(await call(token, 'GET', `${id.toUpperCase()}/metadata`)).toMatchObject([200, [changed, note]]);
		expect(await call(token, 'GET', `${id}/metadata/mobile-app`)).toEqual([200, stored]);
		expect(await call(token, 'DELETE', `${id}/metadata/mobile-app`)).toEqual([204, '']);
		expect(await call(token, 'GET', `${id}/metadata/mobile-app`)).toEqual([400, message('Metadata not found')]);
		expect(await call(token, 'DELETE', `${id}/metadata/mobile-app`)).toEqual([204, '']);
	});

	it('of several photos works like it, with the SDK', async () => {
		const { user, token, id, sharing } = await signInWithPhoto();
		const other = await sharing.makePhoto(user.id);
		const options = { baseUrl: `${api.url}/api`, headers: { authorization: `Bearer ${token}` } };
		const items = [other, id].map((assetId) => ({ assetId, ...note }));
		const made = await sdk.updateBulkAssetMetadata({ assetMetadataBulkUpsertDto: { items } }, options);
		expect(made).toEqual([
			{ assetId: other, ...stored },
			{ assetId: id, ...stored }
		]);
		await sdk.updateAssetMetadata({ id, assetMetadataUpsertDto: { items: [{ key: 'b', value: { c: 1 } }] } }, options);
		expect((await sdk.getAssetMetadata({ id }, options)).map(({ key }) => key)).toEqual(['b', note.key]);
		await sdk.deleteBulkAssetMetadata({ assetMetadataBulkDeleteDto: { items: [{ assetId: id, key: 'b' }] } }, options);
		expect((await sdk.getAssetMetadata({ id }, options)).map(({ key }) => key)).toEqual([note.key]);
		expect(await sdk.getAssetMetadataByKey({ id: other, key: note.key }, options)).toEqual(stored);
	});

	it('is read by those who see the photo, and changed by its owner only', async () => {
		const { user, token, id, sharing } = await signInWithPhoto();
		const [member, stranger] = [await api.accounts.signIn(), await api.accounts.signIn()];
		await sharing.makeAlbum(
			[
				[user.id, 'owner'],
				[member.user.id, 'editor']
			],
			[id]
		);
		await call(token, 'PUT', `${id}/metadata`, { items: [note] });
		expect(await call(member.token, 'GET', `${id}/metadata`)).toEqual([200, [stored]]);
		for (const path of [`${id}/metadata`, `${id}/metadata/mobile-app`])
			expect(await call(stranger.token, 'GET', path)).toEqual(noAccess('asset.read'));
		for (const { token: other } of [member, stranger]) {
			expect(await call(other, 'PUT', `${id}/metadata`, { items: [note] })).toEqual(noAccess('asset.update'));
			expect(await call(other, 'DELETE', `${id}/metadata/mobile-app`)).toEqual(noAccess('asset.update'));
			const items = [{ assetId: id, ...note }];
			expect(await call(other, 'PUT', 'metadata', { items })).toEqual(noAccess('asset.update'));
			expect(await call(other, 'DELETE', 'metadata', { items })).toEqual(noAccess('asset.update'));
		}
		const { key } = await sharing.makeLink(user.id, { assetIds: [id] });
		expect((await api.request('GET', `/api/assets/${id}/metadata?key=${key}`)).status).toBe(403);
		await api.prisma.asset.update({ where: { id }, data: { visibility: 'locked' } });
		expect(await call(token, 'GET', `${id}/metadata`)).toEqual(noAccess('asset.read'));
	});

	it.each([
		['no items', {}],
		['an unnamed item', { items: [{ key: '', value: {} }] }],
		['a value that is no object', { items: [{ key: 'a', value: [1] }] }],
		['the same key twice', { items: [note, note] }],
		['a null character in a key', { items: [{ key: 'a\0', value: {} }] }],
		['a null character in a name', { items: [{ key: 'a', value: { 'b\0': 1 } }] }],
		['half a character in a value', { items: [{ key: 'a', value: { b: '\ud800' } }] }],
		[
			'a value nested too deeply',
			{ items: [{ key: 'a', value: JSON.parse('{"a":'.repeat(60) + '1' + '}'.repeat(60)) as object }] }
		]
	])('is refused with %s', async (_, body) => {
		const { token, id } = await signInWithPhoto();
		expect((await call(token, 'PUT', `${id}/metadata`, body))[0]).toBe(400);
	});

	it('is limited per photo', { timeout: 30_000 }, async () => {
		const { token, id } = await signInWithPhoto();
		const many = Array.from({ length: 1_000 }, (_, at) => ({ key: `key-${at}`, value: {} }));
		expect((await call(token, 'PUT', `${id}/metadata`, { items: many }))[0]).toBe(200);
		expect(await call(token, 'PUT', `${id}/metadata`, { items: [note] })).toEqual([
			400,
			message('An asset can have at most 1000 metadata items, of 1 MiB together')
		]);
	});

	it('is refused in a path that no database can store', async () => {
		const { token, id } = await signInWithPhoto();
		expect((await call(token, 'GET', `${id}/metadata/a%00`))[0]).toBe(400);
	});

	it('arrives with an upload', async () => {
		const { token } = await signInWithPhoto();
		const id = await uploadPicture(api, token, { fields: { metadata: JSON.stringify([note]) } });
		expect(await call(token, 'GET', `${id}/metadata`)).toEqual([200, [stored]]);
		for (const metadata of ['{', '{}', '[{"key":"a","value":{"b":"\\u0000"}}]', '[{"key":"a"}]'])
			expect((await upload(api, token, { bytes: metadata, fields: { metadata } })).status).toBe(400);
	});
});
